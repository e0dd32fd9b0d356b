"""Pages of the tables. A view fetches within the user's scope, calls one function, and renders."""

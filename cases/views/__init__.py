"""Pages. A view fetches within `visible_to`, calls one function, and renders or redirects."""

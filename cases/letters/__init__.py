"""Letters of a case: what each says, with what filled in, as a document of Word.

- `wording`, `replies`: the words of every letter, with the names of fields between braces;
- `fields`: the fields, where each comes from and what is asked for when a letter is made;
- `values`: what a case says for them;
- `remedies`: review and suit, by outcome and date;
- `building`: a default template, from the words;
- `filling`: a template with its fields filled in, and what it then says;
- `templates`: which template a department uses, and what it may upload.

What is made with them is `cases.workflow.letters`.
"""

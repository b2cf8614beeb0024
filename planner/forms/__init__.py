"""The form: WTForms built from the questions of the Case, and the way between what was typed and a Case."""

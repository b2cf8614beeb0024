"""What is raised when a document cannot be printed."""


class PrintFailed(RuntimeError):
    """A document was not printed; the message is one sentence for the reader.

    It names a letter that cannot be printed, and otherwise nothing about the patient.
    """

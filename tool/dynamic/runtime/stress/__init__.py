"""The directed stress driver of ftaudit."""

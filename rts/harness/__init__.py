"""The harness: draws schedules, runs and judges them, shrinks what fails, saves it and runs it again."""

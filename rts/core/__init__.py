"""Protocol cores: state machines that take events and return effects, and do nothing themselves."""

"""What runs cores: the driver, and what makes Trio's scheduling repeatable."""

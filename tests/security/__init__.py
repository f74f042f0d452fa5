"""What strangers try, through the public doors: nobody speaks for somebody else, and nothing is unbounded."""

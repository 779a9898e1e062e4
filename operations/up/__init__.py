"""`inspections up`: the processes it starts and watches."""

"""The simulated world: time, network, disks, machines, faults, the operator and the recorder."""

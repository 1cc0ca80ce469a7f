namespace ShimStack.Native.Terminals;

/// <summary>The two ends of a pseudo-terminal: ours, and the one that a program takes for a terminal. See pty(7).</summary>
public readonly record struct PseudoTerminalPair(FileDescriptor Master, FileDescriptor Slave);

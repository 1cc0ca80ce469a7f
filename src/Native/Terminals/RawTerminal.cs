namespace ShimStack.Native.Terminals;

/// <summary>
/// A terminal that passes bytes as they are (no echo, no lines, no signals from keys) until this is disposed of; then it is as it was. See
/// termios(3), cfmakeraw.
/// </summary>
public sealed unsafe class RawTerminal : IDisposable
{
    private readonly FileDescriptor _terminal;
    private readonly TerminalSettings _before;

    /// <summary>Makes <paramref name="terminal"/> raw, which the caller keeps open. See tcsetattr(3).</summary>
    public RawTerminal(FileDescriptor terminal)
    {
        _terminal = terminal;
        _before = Terminal.MakeRaw(terminal);
    }

    /// <summary>A terminal that has gone (EIO) has nothing to be put back. See tcsetattr(3).</summary>
    public void Dispose()
    {
        TerminalSettings before = _before;
        _ = LinuxCalls.tcsetattr(_terminal, LinuxCalls.TCSANOW, &before);
    }
}

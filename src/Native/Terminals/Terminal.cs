using ShimStack.Native.Files;

namespace ShimStack.Native.Terminals;

/// <summary>Terminals and pseudo-terminals.</summary>
public static unsafe class Terminal
{
    /// <summary>The descriptor is open on a terminal. See isatty(3).</summary>
    public static bool IsTerminal(FileDescriptor fd) => LinuxCalls.isatty(fd) == 1;

    /// <summary>Sets the size; the foreground processes get SIGWINCH if it changes. See ioctl_tty(2), TIOCSWINSZ.</summary>
    public static void SetSize(FileDescriptor fd, ushort columns, ushort rows)
    {
        WindowSize size = new() { Columns = columns, Rows = rows };
        Syscall.Check(LinuxCalls.ioctl(fd, LinuxCalls.TIOCSWINSZ, &size), "TIOCSWINSZ");
    }

    /// <summary>The size now. See ioctl_tty(2), TIOCGWINSZ.</summary>
    public static TerminalSize Size(FileDescriptor fd)
    {
        WindowSize size;
        Syscall.Check(LinuxCalls.ioctl(fd, LinuxCalls.TIOCGWINSZ, &size), "TIOCGWINSZ");
        return new TerminalSize(size.Columns, size.Rows);
    }

    /// <summary>Bytes pass as they are: no echo, no lines, no signals from keys. See termios(3), cfmakeraw.</summary>
    public static void SetRaw(FileDescriptor fd) => MakeRaw(fd);

    /// <summary>The same; returns what it was before.</summary>
    internal static TerminalSettings MakeRaw(FileDescriptor fd)
    {
        TerminalSettings settings;
        Syscall.Check(LinuxCalls.tcgetattr(fd, &settings));
        TerminalSettings before = settings;
        LinuxCalls.cfmakeraw(&settings);
        Syscall.Check(LinuxCalls.tcsetattr(fd, LinuxCalls.TCSANOW, &settings));
        return before;
    }

    /// <summary>A new pseudo-terminal, the controlling terminal of nobody. See pts(4), ioctl_tty(2), TIOCGPTPEER.</summary>
    public static PseudoTerminalPair OpenPair()
    {
        const OpenFlags Flags = OpenFlags.O_RDWR | OpenFlags.O_NOCTTY;
        FileDescriptor master = Native.Files.Files.Open("/dev/ptmx", Flags);
        try
        {
            int locked = 0;
            Syscall.Check(LinuxCalls.ioctl(master, LinuxCalls.TIOCSPTLCK, &locked), "TIOCSPTLCK");
            int slave = LinuxCalls.ioctl(master, LinuxCalls.TIOCGPTPEER, (nint)Flags | LinuxCalls.O_CLOEXEC);
            return new PseudoTerminalPair(master, FileDescriptor.Take(Syscall.Check(slave, "TIOCGPTPEER", "ioctl")));
        }
        catch
        {
            master.Dispose();
            throw;
        }
    }
}

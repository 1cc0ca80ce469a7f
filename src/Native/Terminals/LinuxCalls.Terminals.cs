using System.Runtime.InteropServices;
using ShimStack.Native.Terminals;

namespace ShimStack.Native;

internal static unsafe partial class LinuxCalls
{
    internal const nuint TIOCGWINSZ = 0x5413;
    internal const nuint TIOCSWINSZ = 0x5414;
    internal const nuint TIOCGPTPEER = 0x5441;
    internal const nuint TIOCSPTLCK = 0x40045431;
    internal const int TCSANOW = 0;

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int isatty(FileDescriptor fd);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int tcgetattr(FileDescriptor fd, TerminalSettings* settings);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int tcsetattr(FileDescriptor fd, int when, TerminalSettings* settings);

    [LibraryImport("libc")]
    internal static partial void cfmakeraw(TerminalSettings* settings);
}

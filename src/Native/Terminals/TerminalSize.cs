using System.Runtime.InteropServices;

namespace ShimStack.Native.Terminals;

/// <summary>The size of a terminal in characters. See ioctl_tty(2).</summary>
public readonly record struct TerminalSize(ushort Columns, ushort Rows);

/// <summary>struct winsize.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct WindowSize
{
    internal ushort Rows;
    internal ushort Columns;
    internal ushort Width;
    internal ushort Height;
}

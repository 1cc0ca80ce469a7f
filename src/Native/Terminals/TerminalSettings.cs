using System.Runtime.InteropServices;

namespace ShimStack.Native.Terminals;

/// <summary>struct termios of the C library (60 bytes), which only it looks into. See termios(3).</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal struct TerminalSettings
{
}

using System.Runtime.InteropServices;

namespace ShimStack.Native.Polling;

/// <summary>struct pollfd, see poll(2).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollEntry
{
    public int Number;
    public short Interest;
    public short Result;
}

using System.Runtime.InteropServices;

namespace ShimStack.Native.Processes;

/// <summary>sigset_t of the C library; the kernel reads the first eight bytes. See sigsetops(3).</summary>
[StructLayout(LayoutKind.Explicit, Size = 128)]
internal struct SignalSet
{
    [FieldOffset(0)] private ulong _signals;

    internal static SignalSet Of(ReadOnlySpan<Signal> signals)
    {
        SignalSet set = default;
        foreach (Signal signal in signals)
        {
            set._signals |= 1ul << ((int)signal - 1);
        }

        return set;
    }
}

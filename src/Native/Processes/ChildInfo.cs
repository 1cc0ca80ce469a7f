using System.Runtime.InteropServices;

namespace ShimStack.Native.Processes;

/// <summary>siginfo_t as waitid fills it (64-bit). See waitid(2).</summary>
[StructLayout(LayoutKind.Explicit, Size = 128)]
internal struct ChildInfo
{
    private const int CLD_EXITED = 1;

    [FieldOffset(8)] private readonly int _code;
    [FieldOffset(16)] private readonly int _pid;
    [FieldOffset(24)] private readonly int _status;

    /// <summary>0 if no child was ready.</summary>
    internal readonly int Pid => _pid;

    internal readonly ChildExit ToExit() => _code == CLD_EXITED ? new(_pid, _status) : new(_pid, 128 + _status, _status);
}

namespace ShimStack.Native;

/// <summary>What a call that moves bytes did: <paramref name="Count"/> bytes, or why not (<see cref="Errno.None"/> is success).</summary>
public readonly record struct IoResult(int Count, Errno Errno)
{
    /// <summary>The call succeeded; it may have moved fewer bytes than asked for.</summary>
    public bool IsOk => Errno == Errno.None;

    /// <summary>Nothing can be moved now (EAGAIN): wait until the descriptor is ready.</summary>
    public bool WouldBlock => Errno == Errno.EAGAIN;

    /// <summary>The call succeeded without a byte: the other side has closed.</summary>
    public bool IsEnd => Errno == Errno.None && Count == 0;

    internal bool Interrupted => Errno == Errno.EINTR;
}

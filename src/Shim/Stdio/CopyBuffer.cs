namespace ShimStack.Shim.Stdio;

/// <summary>The one buffer through which all small amounts pass: the loop moves one stream at a time.</summary>
internal static class CopyBuffer
{
    /// <summary>
    /// Also PIPE_BUF, see pipe(7): a write of at most this many bytes to a pipe is taken whole or not at all.
    /// </summary>
    public const int Size = 4096;

    public static readonly byte[] Shared = new byte[Size];
}

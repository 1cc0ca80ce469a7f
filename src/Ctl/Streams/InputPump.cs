using ShimStack.Ctl.Output;
using ShimStack.Native.Files;

namespace ShimStack.Ctl.Streams;

/// <summary>
/// Copies our input to the container's until its end, the container's, or the keys that detach; on a thread of its own, which may hang in read(2) when
/// the program ends.
/// </summary>
internal sealed class InputPump(FifoEnd to, DetachKeys? keys)
{
    private const int BufferSize = 16 * 1024;

    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _detached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Our input has ended, and all of it is in the FIFO.</summary>
    public Task End => _end.Task;

    /// <summary>The keys were typed.</summary>
    public Task Detached => _detached.Task;

    public void Start() => new Thread(Copy) { IsBackground = true, Name = "input" }.Start();

    private void Copy()
    {
        byte[] buffer = new byte[BufferSize];
        while (Files.Read(Screen.Input, buffer) is { IsOk: true, IsEnd: false } read)
        {
            ReadOnlySpan<byte> typed = buffer.AsSpan(0, read.Count);
            if (keys is not null)
            {
                typed = keys.Pass(typed);
            }

            if (!Screen.Bytes(to.Own, typed))
            {
                return; // The container reads no more, and its end is seen elsewhere.
            }

            if (keys is { AreComplete: true })
            {
                _detached.SetResult();
                return;
            }
        }

        to.Dispose();
        _end.SetResult();
    }
}

using ShimStack.Native;

namespace ShimStack.Shim.Stdio;

/// <summary>
/// What only the reader of a FIFO can bring: that it comes back, or that it reads the last byte. Nothing is allocated before a
/// stream has to wait for either.
/// </summary>
internal sealed class ReaderWait(StdioContext context, Action goOn) : IDisposable
{
    private FifoDrain? _drain;

    /// <summary>The reader is away and is watched for.</summary>
    public bool IsWatching { get; private set; }

    /// <summary>Goes on when somebody has opened the FIFO.</summary>
    public void UntilBack(FileDescriptor fifo)
    {
        if (!IsWatching)
        {
            IsWatching = true;
            context.Readers.Watch(fifo, Back);
        }
    }

    /// <summary>
    /// Goes on when the FIFO may have been read empty. Its bytes are gone when its last end is closed, and its reader may be killed
    /// before it has read them: our end stays until they are read, or until the process is deleted.
    /// </summary>
    public void UntilRead(FileDescriptor fifo)
    {
        if (FifoReaders.IsAway(fifo))
        {
            UntilBack(fifo);
        }
        else
        {
            _drain ??= new FifoDrain(context.Loop.Timers, goOn);
            _drain.CheckLater();
        }
    }

    public void Dispose()
    {
        _drain?.Dispose();
        if (IsWatching)
        {
            context.Readers.Forget(Back);
            IsWatching = false;
        }
    }

    private void Back()
    {
        IsWatching = false;
        goOn();
    }
}

using ShimStack.Native;
using ShimStack.Native.Polling;
using ShimStack.Native.Sockets;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Loop;

/// <summary>A connected unix socket on the loop, as the Stream that the ttrpc library wants.</summary>
internal sealed class LoopStream(EventLoop loop, FileDescriptor socket) : Stream, IPartialWriter
{
    private readonly LoopDescriptor _socket =
        new(loop, socket, EpollEvents.EPOLLIN | EpollEvents.EPOLLRDHUP);

    private LoopWaiter? _goOn;
    private bool _isHeld;
    private bool _disposed;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The socket, as long as the stream is its owner.</summary>
    public FileDescriptor Socket => _socket.Descriptor;

    /// <summary>Reads nothing until <see cref="GoOn"/>: what the peer sends waits in the socket.</summary>
    public void Hold() => _isHeld = true;

    /// <summary>Reads again.</summary>
    public void GoOn()
    {
        _isHeld = false;
        _goOn?.Wake();
    }

    /// <summary>The connection has been closed.</summary>
    public bool IsClosed => _disposed;

    /// <summary>Takes the socket off the loop without closing it, for whoever hands the connection on.</summary>
    public void LeaveLoop()
    {
        _disposed = true;
        _socket.LeaveLoop();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_isHeld)
            {
                await (_goOn ??= new LoopWaiter()).WaitAsync(cancellationToken);
                continue;
            }

            IoResult result = UnixSocket.Receive(_socket.Descriptor, buffer.Span);
            if (!result.WouldBlock)
            {
                return result.IsOk ? result.Count : throw Failed("recv", result.Errno);
            }

            await _socket.ReadableAsync(cancellationToken);
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            buffer = buffer[await WriteSomeAsync(buffer, cancellationToken)..];
        }
    }

    public async ValueTask<int> WriteSomeAsync(ReadOnlyMemory<byte> data, CancellationToken cancellation)
    {
        while (true)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            IoResult result = UnixSocket.Send(_socket.Descriptor, data.Span);
            if (!result.WouldBlock)
            {
                return result.IsOk ? result.Count : throw Failed("send", result.Errno);
            }

            await _socket.WritableAsync(cancellation);
        }
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("the loop never blocks");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("the loop never blocks");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _disposed = true;
            _socket.Dispose();
        }

        base.Dispose(disposing);
    }

    private static IOException Failed(string call, Errno errno)
    {
        SyscallException cause = new(call, errno);
        return new IOException(cause.Message, cause);
    }
}

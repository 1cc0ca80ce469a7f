using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace ShimStack.Ttrpc;

/// <summary>
/// One connection that is being served, until the peer goes, it is aborted, or it is put down for another build to go on.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A token source without a timer holds nothing to dispose.")]
public sealed class TtrpcServerConnection
{
    private readonly Stream _stream;
    private readonly ILogger _logger;
    private readonly FrameReader _reader;
    private readonly FrameWriter _writer;
    private readonly ServerCalls _calls;
    private readonly ServerDispatcher _dispatcher;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _reading;
    private readonly int _turn;
    private int _putDown;
    private bool _isLost;

    internal TtrpcServerConnection(TtrpcServer server, Stream stream, ILogger logger, ServerConnectionState? state)
    {
        _stream = stream;
        _logger = logger;
        _turn = server.Options.FramesInTurn;
        _reader = new FrameReader(stream, server.Options.MaxMessageLength, state is null ? default : state.HalfRead.Span, server.Options.ReadAhead);
        _writer = new FrameWriter(stream, WriteFailed);
        _calls = new ServerCalls(server.Options, _writer, logger);
        _dispatcher = new ServerDispatcher(server, _calls, _writer, logger);
        if (state is not null)
        {
            _writer.Send(state.HalfWritten);
            _dispatcher.Resume(state);
        }
        _reading = ReadFramesAsync();
        Completion = EndAsync();
    }

    /// <summary>Ends, always well, when nothing is read any more and each handler has returned.</summary>
    public Task Completion { get; }

    /// <summary>How many bytes of answers wait to be written.</summary>
    internal long QueuedLength => _writer.QueuedLength;

    /// <summary>The unary calls that wait for an answer now, by stream id.</summary>
    public IReadOnlyCollection<OpenCall> OpenCalls => _calls.ToRecords();

    /// <summary>How many handlers run, those that nobody waits for any more included.</summary>
    public int Running => _calls.Running;

    /// <summary>
    /// What <see cref="TtrpcServer.Resume"/> needs to go on here, told without stopping anything. For a server of one thread whose program is about to
    /// be replaced by execve(2): no read or write may be in its middle, and there may be no open stream, which is no record.
    /// </summary>
    public ServerConnectionState Describe() => new(_dispatcher.LastStreamId, _reader.PutDown(), _writer.Unwritten(), _calls.ToRecords());

    /// <summary>
    /// Stops to serve without losing a byte and leaves the stream open, for the caller to hand on. The tokens of the handlers fire and
    /// what they still return is dropped; it does not wait for them (<see cref="Completion"/> does). Open streams are answered
    /// Unavailable, for a handler in their middle is no record.
    /// </summary>
    /// <returns>What <see cref="TtrpcServer.Resume"/> needs; null if the connection was lost before.</returns>
    /// <exception cref="InvalidOperationException">It was put down before.</exception>
    public async ValueTask<ServerConnectionState?> PutDownAsync()
    {
        if (Interlocked.Exchange(ref _putDown, 1) != 0)
        {
            throw new InvalidOperationException("the connection has been put down");
        }
        _stop.Cancel();
        await _reading;
        if (_isLost)
        {
            return null;
        }
        IReadOnlyList<OpenCall> calls = _calls.PutDown();
        byte[]? halfWritten = await _writer.PutDownAsync();
        if (halfWritten is null)
        {
            await _stream.DisposeAsync();
            return null;
        }
        return new ServerConnectionState(_dispatcher.LastStreamId, _reader.PutDown(), halfWritten, calls);
    }

    /// <summary>Waits until what has been answered so far is written, for a server that is about to exit.</summary>
    public ValueTask FlushAsync(CancellationToken cancellation) => _writer.WaitForRoomAsync(1, cancellation);

    /// <summary>Closes the connection at once: handlers are told, nothing more is answered.</summary>
    public void Abort()
    {
        _isLost = true;
        _writer.Stop();
        _stop.Cancel();
    }

    private void WriteFailed(Exception exception)
    {
        _logger.ConnectionEnded(exception);
        Abort();
    }

    private async Task ReadFramesAsync()
    {
        try
        {
            for (int frames = 1; await _reader.ReadAsync(_stop.Token); frames++)
            {
                if (frames % _turn == 0)
                {
                    await Task.Yield();
                }
                await _dispatcher.DispatchAsync(_reader.Frame, _stop.Token);
                _reader.Consume();
                await _writer.WaitForRoomAsync(FrameWriter.RoomLimit, _stop.Token); // who does not read answers is not heard
            }
            _isLost = true;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Put down or aborted; a frame that was not dispatched is still with the reader.
        }
        catch (Exception e)
        {
            _logger.ConnectionEnded(e);
            _isLost = true;
        }
    }

    private async Task EndAsync()
    {
        await _reading;
        if (_isLost)
        {
            _writer.Stop();
            _calls.Close();
            await _stream.DisposeAsync();
        }
        await _calls.Drained;
    }
}

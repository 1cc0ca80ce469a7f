using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using ShimStack.Ttrpc.Wire;

namespace ShimStack.Ttrpc;

/// <summary>Calls the methods of a server over one connection; any number of calls at a time, from any thread.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A token source without a timer holds nothing to dispose.")]
public sealed class TtrpcClient : IAsyncDisposable
{
    private readonly Stream _stream;
    private readonly TtrpcClientOptions _options;
    private readonly FrameReader _reader;
    private readonly FrameWriter _writer;
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Starts to read answers.</summary>
    /// <param name="stream">Any unbuffered duplex stream; the client disposes it at its end.</param>
    /// <param name="options">The limits.</param>
    public TtrpcClient(Stream stream, TtrpcClientOptions options)
    {
        _stream = stream;
        _options = options;
        _reader = new FrameReader(stream, options.MaxMessageLength);
        _writer = new FrameWriter(stream, WriteFailed);
        Calls = new ClientCalls(_writer, options);
        Completion = ReadFramesAsync();
    }

    /// <summary>Ends, always well, when the connection is gone; each open call has then failed with Unavailable "ttrpc: closed".</summary>
    public Task Completion { get; }

    /// <summary>The connection is gone; true before the first call fails with that.</summary>
    public bool IsClosed => Calls.IsClosed;

    internal ClientCalls Calls { get; }

    /// <summary>Calls a method with one request and one answer.</summary>
    /// <param name="service">Full name of the service.</param>
    /// <param name="method">Bare name of the method.</param>
    /// <param name="request">The request.</param>
    /// <param name="parser">Decodes the answer.</param>
    /// <param name="options">Timeout and metadata.</param>
    /// <param name="cancellation">
    /// Gives up: the stream is forgotten and a late answer dropped. The server is not told, ttrpc has no message for it.
    /// </param>
    /// <exception cref="RpcException">
    /// The status that the server answered; DeadlineExceeded after the timeout; Unavailable "ttrpc: closed" when the connection is
    /// gone; ResourceExhausted when the request is too long, and then nothing was sent.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task<TResponse> CallAsync<TRequest, TResponse>(
        string service,
        string method,
        TRequest request,
        MessageParser<TResponse> parser,
        TtrpcCallOptions options = default,
        CancellationToken cancellation = default)
        where TRequest : IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        cancellation.ThrowIfCancellationRequested();
        ClientCall call = Calls.Open(Encode(service, method, request, options), FrameFlags.None);
        using DeadlineTimer? timer = Watch(call, options.Timeout);
        try
        {
            ReadOnlyMemory<byte>? payload = await call.Inbox.TakeAsync(cancellation);
            return Envelope.Parse(parser, payload.GetValueOrDefault().Span);
        }
        finally
        {
            Calls.Forget(call);
        }
    }

    /// <summary>Opens a stream. The timeout of the options ends the whole of it.</summary>
    /// <param name="service">Full name of the service.</param>
    /// <param name="method">Bare name of the method.</param>
    /// <param name="request">The only request, for a method that answers with a stream; null if this side streams.</param>
    /// <param name="parser">Decodes the answers.</param>
    /// <param name="options">Timeout and metadata.</param>
    /// <exception cref="RpcException">As for <see cref="CallAsync"/>, before anything was sent.</exception>
    public TtrpcStreamCall<TRequest, TResponse> OpenStream<TRequest, TResponse>(
        string service, string method, TRequest? request, MessageParser<TResponse> parser, TtrpcCallOptions options = default)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        FrameFlags flags = request is null ? FrameFlags.RemoteOpen : FrameFlags.RemoteClosed;
        ClientCall call = Calls.Open(Encode(service, method, request, options), flags);
        DeadlineTimer? timer = Watch(call, options.Timeout);
        return new TtrpcStreamCall<TRequest, TResponse>(this, call, parser, timer, isSendClosed: request is not null);
    }

    /// <summary>Closes the connection; open calls fail.</summary>
    public async ValueTask DisposeAsync()
    {
        _stop.Cancel();
        await Completion;
    }

    /// <summary>Sends one message of a stream; waits first while much waits to be written.</summary>
    internal async ValueTask SendAsync(ClientCall call, IMessage message, CancellationToken cancellation)
    {
        byte[] frame = Envelope.Data(call.StreamId, message, _options.MaxMessageLength);
        await _writer.WaitForRoomAsync(FrameWriter.RoomLimit, cancellation);
        if (call.Inbox.HasEnded)
        {
            throw call.Inbox.Error ?? RpcException.FailedPrecondition("the server has ended the stream");
        }
        _writer.Send(frame);
    }

    /// <summary>Tells the server that this side of a stream has ended.</summary>
    internal void CloseSend(ClientCall call)
    {
        if (!call.Inbox.HasEnded)
        {
            _writer.Send(Envelope.DataEnd(call.StreamId));
        }
    }

    private static byte[] Encode(string service, string method, IMessage? message, TtrpcCallOptions options)
    {
        if (options.Timeout <= TimeSpan.Zero)
        {
            throw RpcException.DeadlinePassed();
        }
        Request request = new() { Service = service, Method = method };
        if (message is not null)
        {
            request.Payload = UnsafeByteOperations.UnsafeWrap(message.ToByteArray());
        }
        request.TimeoutNano = options.Timeout is TimeSpan timeout ? RpcTimeout.ToNanoseconds(timeout) : 0;
        Metadata.Write(options.Metadata, request.Metadata);
        return request.ToByteArray();
    }

    private DeadlineTimer? Watch(ClientCall call, TimeSpan? timeout) => timeout is TimeSpan time
        ? new DeadlineTimer(
            _options.TimeProvider,
            RpcTimeout.Add(_options.TimeProvider.GetUtcNow(), time.Ticks),
            () => call.Fail(RpcException.DeadlinePassed()))
        : null;

    private void WriteFailed(Exception exception)
    {
        _options.Logger.ConnectionEnded(exception);
        _stop.Cancel();
    }

    private async Task ReadFramesAsync()
    {
        Exception? reason = null;
        try
        {
            while (await _reader.ReadAsync(_stop.Token))
            {
                await Calls.DispatchAsync(_reader.Frame, _stop.Token);
                _reader.Consume();
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Disposed, or a write failed: that was told already.
        }
        catch (Exception e)
        {
            _options.Logger.ConnectionEnded(e);
            reason = e;
        }
        _writer.Stop();
        Calls.Close(RpcException.Closed(reason));
        await _stream.DisposeAsync();
    }
}

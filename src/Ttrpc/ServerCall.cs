using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;

namespace ShimStack.Ttrpc;

/// <summary>One call that is being served.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The timer goes when the call is answered or cancelled, and each call is.")]
internal sealed class ServerCall
{
    private readonly ServerMethod _method;
    private DeadlineTimer? _timer;

    public ServerCall(ServerMethod method, ReadOnlyMemory<byte> request, ServerCallContext context)
    {
        _method = method;
        Request = request;
        Context = context;
    }

    /// <summary>The raw envelope.</summary>
    public ReadOnlyMemory<byte> Request { get; }

    public ServerCallContext Context { get; }

    public uint StreamId => Context.StreamId;

    /// <summary>What the client streams; null for a unary call.</summary>
    public StreamInbox? Inbox { get; init; }

    /// <summary>When it began to be served.</summary>
    public required DateTimeOffset Began { get; init; }

    /// <summary>The table that it is in.</summary>
    public required ServerCalls Owner { get; init; }

    public bool IsStreaming => _method.IsStreaming;

    public ValueTask<IMessage?> InvokeAsync(ByteString payload) => _method.Invoke(payload, this);

    public OpenCall ToRecord() => new(StreamId, Context.Service, Context.Method, Request, Context.Deadline, Began);

    /// <summary>Calls <paramref name="expired"/> once the deadline has passed.</summary>
    public void Watch(TimeProvider time, Action<ServerCall> expired)
    {
        if (Context.Deadline is DateTimeOffset deadline)
        {
            _timer = new DeadlineTimer(time, deadline, () => expired(this));
        }
    }

    /// <summary>The call is answered: nobody waits for it any more.</summary>
    public void End()
    {
        _timer?.Dispose();
        Inbox?.Close(null);
    }

    /// <summary>Tells the handler that nobody waits for its answer.</summary>
    public void Cancel()
    {
        _timer?.Dispose();
        Inbox?.Close(new OperationCanceledException(Context.Cancellation));
        Context.Source.Cancel();
    }
}

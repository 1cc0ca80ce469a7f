using System.Collections.Concurrent;
using System.Threading.Channels;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging.Abstractions;

namespace ShimStack.Ttrpc.Tests;

/// <summary>A server with the methods that the tests need: Echo, Fail (as the test says), Wait (until the test answers by name), and the streams.</summary>
internal sealed class TestServer
{
    public const string Service = "test.Service";

    private readonly ConcurrentDictionary<string, TaskCompletionSource<string>> _answers = new();
    private readonly Channel<ServerCallContext> _started = Channel.CreateUnbounded<ServerCallContext>();

    public TestServer(TtrpcServerOptions? options = null)
    {
        Server = new TtrpcServer(options ?? new TtrpcServerOptions(), NullLogger.Instance);
        Server.AddMethod<StringValue, StringValue>(Service, "Echo", StringValue.Parser, (request, context) =>
        {
            _started.Writer.TryWrite(context);
            return ValueTask.FromResult(request);
        });
        Server.AddMethod<StringValue, StringValue>(Service, "Fail", StringValue.Parser, (_, _) => throw Failure);
        Server.AddMethod<StringValue, StringValue>(Service, "Wait", StringValue.Parser, WaitAsync);
        Server.AddMethod<StringValue, StringValue>(Service, "Stubborn", StringValue.Parser, StubbornAsync);
        Server.AddMethod<Int32Value, StringValue>(Service, "Big", Int32Value.Parser, (length, _) =>
            ValueTask.FromResult(new StringValue { Value = new string('x', length.Value) }));
    }

    public TtrpcServer Server { get; }

    /// <summary>What Fail throws.</summary>
    public Exception Failure { get; set; } = new InvalidOperationException("not told");

    /// <summary>The next call that reached Echo, Wait or Stubborn.</summary>
    public Task<ServerCallContext> StartedAsync() => _started.Reader.ReadAsync().WithTimeout();

    /// <summary>Answers a Wait or Stubborn of this name.</summary>
    public void Answer(string name, string text) => Source(name).TrySetResult(text);

    private TaskCompletionSource<string> Source(string name) =>
        _answers.GetOrAdd(name, _ => new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously));

    private async ValueTask<StringValue> WaitAsync(StringValue name, ServerCallContext context)
    {
        _started.Writer.TryWrite(context);
        TaskCompletionSource<string> answer = Source(name.Value);
        using (context.Cancellation.Register(() =>
        {
            _answers.TryRemove(KeyValuePair.Create(name.Value, answer)); // who picks the call up waits anew
            answer.TrySetCanceled(context.Cancellation);
        }))
        {
            return RawPeer.Text(await answer.Task);
        }
    }

    /// <summary>Does not care whether anybody waits.</summary>
    private async ValueTask<StringValue> StubbornAsync(StringValue name, ServerCallContext context)
    {
        _started.Writer.TryWrite(context);
        return RawPeer.Text(await Source(name.Value).Task);
    }
}

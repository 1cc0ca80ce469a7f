using Grpc.Core;
using ShimStack.Ctl.Connection;

namespace ShimStack.Ctl.Tests.Connection;

public sealed class RepeatedCallTests
{
    [Fact]
    public async Task ACallThatIsCutIsMadeAgain()
    {
        Queue<Task<int>> answers = new([Fails(StatusCode.Unavailable), Fails(StatusCode.Unavailable), Task.FromResult(7)]);
        Assert.Equal(7, await RepeatedCall.MakeAsync(() => Call(answers.Dequeue()), TestContext.Current.CancellationToken));
        Assert.Empty(answers);
    }

    [Fact]
    public async Task ARefusalIsAnAnswer()
    {
        Queue<Task<int>> answers = new([Fails(StatusCode.Unavailable), Fails(StatusCode.NotFound), Task.FromResult(7)]);
        RpcException refusal = await Assert.ThrowsAsync<RpcException>(() => RepeatedCall.MakeAsync(() => Call(answers.Dequeue()), TestContext.Current.CancellationToken));
        Assert.Equal(StatusCode.NotFound, refusal.StatusCode);
        _ = Assert.Single(answers);
    }

    [Fact]
    public async Task WhoIsToldToEndDoesNotGoOn()
    {
        using CancellationTokenSource end = new();
        Task<int> call = RepeatedCall.MakeAsync(
            () =>
            {
                end.Cancel();
                return Call(Fails(StatusCode.Unavailable));
            },
            end.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    private static Task<int> Fails(StatusCode code) => Task.FromException<int>(new RpcException(new Status(code, "said so")));

    private static AsyncUnaryCall<int> Call(Task<int> answer) => new(answer, Task.FromResult(Metadata.Empty), () => Status.DefaultSuccess, () => Metadata.Empty, () => { });
}

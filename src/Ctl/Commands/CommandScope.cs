using Grpc.Core;
using ShimStack.Client;
using ShimStack.Ctl.Connection;
using ShimStack.Ctl.Output;

namespace ShimStack.Ctl.Commands;

/// <summary>What a command works with: the daemon, the namespace, and where its words go.</summary>
internal sealed class CommandScope : IDisposable
{
    public required DaemonClient Client { get; init; }

    public required string Namespace { get; init; }

    public required Screen Screen { get; init; }

    public required CancellationToken Cancellation { get; init; }

    /// <summary>Does the same to each of several containers: one that fails does not keep the others from it.</summary>
    public async Task<ExitCode> EachAsync(IEnumerable<string> ids, Func<string, Task> action)
    {
        ExitCode code = ExitCode.Ok;
        foreach (string id in ids)
        {
            code = Worse(code, await TryAsync(id, action));
        }

        return code;
    }

    /// <summary>The same at once, for what takes its time.</summary>
    public async Task<ExitCode> EachAtOnceAsync(IEnumerable<string> ids, Func<string, Task> action) =>
        (await Task.WhenAll(ids.Select(id => TryAsync(id, action)))).Aggregate(ExitCode.Ok, Worse);

    private static ExitCode Worse(ExitCode one, ExitCode other) => other == ExitCode.Ok ? one : other;

    private async Task<ExitCode> TryAsync(string id, Func<string, Task> action)
    {
        try
        {
            await action(id);
            return ExitCode.Ok;
        }
        catch (RpcException e) when (!ConnectionLoss.Is(e))
        {
            string known = CallErrors.Sentence(e, Client.Address, id);
            Screen.Complain(e.StatusCode == StatusCode.NotFound ? $"nothing runs in {id}: shimctl ps shows what does" : known);
            return ExitCode.Failed;
        }
        catch (CtlException e)
        {
            Screen.Complain(e.Message);
            return e.Code;
        }
    }

    public void Dispose() => Client.Dispose();
}

using Grpc.Core;
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
            try
            {
                await action(id);
            }
            catch (RpcException e) when (!ConnectionLoss.Is(e))
            {
                string known = CallErrors.Sentence(e, Client.Address);
                Screen.Complain(e.StatusCode == StatusCode.NotFound ? $"nothing runs in {id}: shimctl ps shows what does" : known);
                code = ExitCode.Failed;
            }
            catch (CtlException e)
            {
                Screen.Complain(e.Message);
                code = e.Code;
            }
        }

        return code;
    }

    public void Dispose() => Client.Dispose();
}

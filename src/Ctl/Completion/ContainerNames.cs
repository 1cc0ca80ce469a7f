using System.CommandLine.Completions;
using Grpc.Core;
using ShimStack.Api.Daemon;
using ShimStack.Client;
using ShimStack.Ctl.Commands;

namespace ShimStack.Ctl.Completion;

/// <summary>
/// Names of containers for a shell that completes a word: from the daemon, if it answers at once; whoever types does not wait for more.
/// </summary>
internal static class ContainerNames
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    public static IEnumerable<CompletionItem> Suggest(CompletionContext context)
    {
        string address = GlobalOptions.AddressOf(context.ParseResult);
        string nameSpace = context.ParseResult.GetValue(GlobalOptions.Namespace) ?? "";
        // The library asks for suggestions by a call that returns them.
        return ReadAsync(address, nameSpace).GetAwaiter().GetResult().Select(name => new CompletionItem(name));
    }

    private static async Task<IReadOnlyList<string>> ReadAsync(string address, string nameSpace)
    {
        using CancellationTokenSource limit = new(Patience);
        using DaemonClient client = new(address, nameSpace);
        try
        {
            ListContainersResponse all = await client.Containers.ListAsync(new ListContainersRequest(), cancellationToken: limit.Token);
            return [.. all.Containers.Select(container => container.Id).Order(StringComparer.Ordinal)];
        }
        catch (RpcException)
        {
            return []; // A word that cannot be completed is no failure.
        }
    }
}

using Grpc.Core;
using ShimStack.SystemTests.Containers;

namespace ShimStack.SystemTests.Soak.Walk;

/// <summary>The Wait of a process, asked again when a daemon took the call with it. Each call has one answer; all answers must be the same.</summary>
internal sealed class WaitWatch(Container container, string exec)
{
    private readonly List<uint> _answers = [];
    private readonly Lock _lock = new();

    public IReadOnlyList<uint> Answers
    {
        get
        {
            lock (_lock)
            {
                return [.. _answers];
            }
        }
    }

    /// <summary>The call is on its way when this returns.</summary>
    public void Ask() => _ = AskAsync();

    private async Task AskAsync()
    {
        try
        {
            uint code = await container.WaitAsync(exec);
            lock (_lock)
            {
                _answers.Add(code);
            }
        }
        catch (Exception e) when (e is RpcException or ObjectDisposedException)
        {
            // The daemon is gone, or refuses; who needs an answer that does not come says so.
            LastFailure = e.Message;
        }
    }

    public string LastFailure { get; private set; } = "none";
}

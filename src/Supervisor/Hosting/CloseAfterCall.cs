using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace ShimStack.Supervisor.Hosting;

/// <summary>
/// The wish to close a connection, kept back for one that is so new that its first call is still to come: a client that has connected and is told
/// at once to go elsewhere takes that for a server that does not work, and fails the call.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Its source has no timer and gives nothing back; the wish may come when the connection has ended.")]
internal sealed class CloseAfterCall : IConnectionLifetimeNotificationFeature
{
    private readonly IConnectionLifetimeNotificationFeature _original;
    private readonly CancellationTokenSource _requested = new();
    private readonly TaskCompletionSource _called = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _began = Stopwatch.GetTimestamp();

    private CloseAfterCall(IConnectionLifetimeNotificationFeature original) => _original = original;

    public CancellationToken ConnectionClosedRequested
    {
        get => _requested.Token;
        set => throw new NotSupportedException();
    }

    /// <param name="connection">The connection; who serves it finds the wish among its features.</param>
    /// <param name="limit">How long after its begin the first call may come.</param>
    public static void Arrange(ConnectionContext connection, TimeSpan limit)
    {
        if (connection.Features.Get<IConnectionLifetimeNotificationFeature>() is IConnectionLifetimeNotificationFeature original)
        {
            CloseAfterCall wish = new(original);
            connection.Features.Set<IConnectionLifetimeNotificationFeature>(wish);
            connection.Features.Set(wish);
            original.ConnectionClosedRequested.UnsafeRegister(_ => _ = wish.PassOnAsync(limit), null);
        }
    }

    /// <summary>A call has come by this connection.</summary>
    public static void Called(HttpContext call) => call.Features.Get<CloseAfterCall>()?._called.TrySetResult();

    public void RequestClose() => _original.RequestClose();

    private async Task PassOnAsync(TimeSpan limit)
    {
        TimeSpan rest = limit - Stopwatch.GetElapsedTime(_began);
        if (rest > TimeSpan.Zero)
        {
            await Task.WhenAny(_called.Task, Task.Delay(rest));
        }

        await _requested.CancelAsync();
    }
}

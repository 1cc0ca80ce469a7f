namespace ShimStack.Supervisor.Hosting;

/// <summary>
/// Gives a sign of life twice in the time that the service manager waits, but only if we still serve: each time a question goes the way of a call.
/// One that is not answered is no sign, and the service manager starts us anew, which no container notices.
/// </summary>
internal sealed class Watchdog : IAsyncDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _running;

    private Watchdog(ServiceManager manager, Func<Task> question, TimeProvider time, ILogger logger) =>
        _running = manager.Watchdog is TimeSpan limit
            ? RunAsync(manager, question, new PeriodicTimer(limit / 2, time), logger, _ended.Token)
            : Task.CompletedTask;

    /// <summary>Begins; without a service manager that waits, nothing runs.</summary>
    /// <param name="manager">Who waits.</param>
    /// <param name="question">Ends well if we still serve.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where a question without an answer is told.</param>
    public static Watchdog Start(ServiceManager manager, Func<Task> question, TimeProvider time, ILogger logger) => new(manager, question, time, logger);

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _running;
        _ended.Dispose();
    }

    private static async Task RunAsync(ServiceManager manager, Func<Task> question, PeriodicTimer timer, ILogger logger, CancellationToken ended)
    {
        using PeriodicTimer owned = timer;
        Task asked = Task.CompletedTask;
        try
        {
            while (await timer.WaitForNextTickAsync(ended))
            {
                if (asked.IsCompleted)
                {
                    asked = AskAsync(manager, question, logger);
                }
                else
                {
                    logger.DoesNotServe("the last question has no answer yet");
                }
            }
        }
        catch (OperationCanceledException)
        {
            // We end.
        }
    }

    private static async Task AskAsync(ServiceManager manager, Func<Task> question, ILogger logger)
    {
        try
        {
            await question();
            manager.Alive();
        }
        catch (Exception e)
        {
            logger.DoesNotServe(e.Message);
        }
    }
}

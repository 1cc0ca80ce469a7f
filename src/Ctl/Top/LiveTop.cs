using Grpc.Core;
using ShimStack.Client;
using ShimStack.Ctl.Commands;
using ShimStack.Ctl.Kernel;
using ShimStack.Ctl.Output;
using Spectre.Console;

namespace ShimStack.Ctl.Top;

/// <summary>
/// The table on a terminal, drawn anew each second until a key or a signal ends it. While the daemon is away it shows what was last, and
/// says so.
/// </summary>
internal sealed class LiveTop(CommandScope scope, IReadOnlyCollection<string> ids)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly KernelFiles _kernel = new();
    private TopReading? _before;
    private IReadOnlyList<TopRow> _rows = [];
    private DateTimeOffset? _awaySince;

    public async Task RunAsync()
    {
        // The first one may fail as every command does: nobody has seen the daemon yet.
        await ReadAsync(scope.Cancellation);
        using LiveTerminal terminal = new();
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(scope.Cancellation, terminal.Ended);
        await terminal.Console.Live(Drawing()).Overflow(VerticalOverflow.Crop).StartAsync(async live =>
        {
            live.Refresh();
            while (await PauseAsync(end.Token))
            {
                await TryReadAsync(end.Token);
                terminal.TakeSize();
                live.UpdateTarget(Drawing());
            }
        });
    }

    private async Task ReadAsync(CancellationToken cancellation)
    {
        TopReading now = await TopReading.TakeAsync(scope.Client, ids, cancellation);
        (_rows, _before, _awaySince) = (TopRow.Between(_before, now, _kernel), now, null);
    }

    private async Task TryReadAsync(CancellationToken cancellation)
    {
        try
        {
            await ReadAsync(cancellation);
        }
        catch (RpcException e) when (ConnectionLoss.Is(e))
        {
            _awaySince ??= TimeProvider.System.GetUtcNow();
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Cancelled && cancellation.IsCancellationRequested)
        {
            // The user has seen enough.
        }
    }

    // False when the user has seen enough: the last reading stays on the terminal.
    private static async Task<bool> PauseAsync(CancellationToken cancellation)
    {
        try
        {
            await Task.Delay(Pause, cancellation);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private Rows Drawing() => new(new Text(Head()), TopTable.Of(_rows, TimeProvider.System.GetUtcNow()).Drawing);

    private string Head()
    {
        string address = scope.Client.Address;
        if (_awaySince is not DateTimeOffset since)
        {
            return $"q ends; {_rows.Count} in namespace {scope.Namespace} of {address}";
        }

        string time = Units.Age(TimeProvider.System.GetUtcNow() - since);
        return $"q ends; the daemon has been away for {time}, and these figures are of before ({address})";
    }
}

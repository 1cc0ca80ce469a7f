using Grpc.Core;
using ShimStack.Api.Journal;
using ShimStack.Supervisor.Filters;
using ShimStack.Supervisor.Hosting;
using RpcCode = ShimStack.Ttrpc.RpcCode;
using RpcException = ShimStack.Ttrpc.RpcException;

namespace ShimStack.Supervisor.Events;

/// <summary>
/// shimstack.journal.v1.Journal: events from any place that the journal still has, and then on as they come. It reads the record itself, so a
/// reader that is slow, or away, loses nothing before it is trimmed.
/// </summary>
internal sealed class JournalService(EventJournal journal, DaemonEnd daemon) : Journal.JournalBase
{
    private const int PageSize = 128;

    public override async Task Subscribe(SubscribeRequest request, IServerStreamWriter<Record> responseStream, ServerCallContext context)
    {
        Filter filter = Filter.Parse(request.Filters);
        HashSet<string> namespaces = [.. request.Namespaces];
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(
            context.CancellationToken, daemon.Begun);
        long from = await journal.ReadAsync(tables => Begin(tables, request.FromSequence));
        await context.WriteResponseHeadersAsync([]);
        try
        {
            while (true)
            {
                Task next = journal.NextAsync();
                List<StoredEvent> page = await journal.ReadAsync(tables => Page(tables, from));
                if (page.Count == 0)
                {
                    await next.WaitAsync(end.Token);
                }

                foreach (StoredEvent stored in page)
                {
                    if ((namespaces.Count == 0 || namespaces.Contains(stored.Envelope.Namespace)) && filter.Matches(stored.Fields))
                    {
                        await responseStream.WriteAsync(new Record { Sequence = (ulong)stored.Sequence, Envelope = stored.Envelope }, end.Token);
                    }

                    from = stored.Sequence + 1;
                }
            }
        }
        catch (OperationCanceledException) when (daemon.Begun.IsCancellationRequested)
        {
            throw RpcException.Unavailable($"shimstackd ends: subscribe again from sequence {from} when it is back");
        }
    }

    public override Task<StatusResponse> Status(StatusRequest request, ServerCallContext context) => journal.ReadAsync(tables => new StatusResponse
    {
        Oldest = (ulong)tables.Trimmed + 1,
        Newest = (ulong)tables.Newest,
        OwedExits = (ulong)tables.CountOwed(),
        Subscribers = (uint)journal.Subscribers,
    });

    private static long Begin(JournalTables tables, ulong from)
    {
        if (from > (ulong)tables.Newest + 1)
        {
            throw OutOfRange($"sequence {from} is not in the journal: the newest is {tables.Newest}");
        }

        return from == 0 ? tables.Trimmed + 1 : Require(tables, (long)from);
    }

    private static List<StoredEvent> Page(JournalTables tables, long from) => tables.Page(Require(tables, from), PageSize);

    private static long Require(JournalTables tables, long from) => from > tables.Trimmed
        ? from
        : throw OutOfRange($"sequence {from} is no longer in the journal: the oldest kept is {tables.Trimmed + 1}");

    private static RpcException OutOfRange(string message) => new(RpcCode.OutOfRange, message);
}

using Google.Protobuf;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.State;

/// <summary>Connections as records, open calls included.</summary>
internal static class ConnectionRecords
{
    public static ConnectionRecord From(ServerConnectionState state, uint socket)
    {
        ConnectionRecord record = new()
        {
            Socket = socket,
            LastStreamId = state.LastStreamId,
            HalfRead = ByteString.CopyFrom(state.HalfRead.Span),
            HalfWritten = ByteString.CopyFrom(state.HalfWritten.Span),
        };
        foreach (OpenCall call in state.OpenCalls)
        {
            record.Calls.Add(new CallRecord
            {
                StreamId = call.StreamId,
                Service = call.Service,
                Method = call.Method,
                Request = ByteString.CopyFrom(call.Request.Span),
                DeadlineTicks = call.Deadline?.UtcTicks ?? 0,
            });
        }

        return record;
    }

    public static ServerConnectionState ToState(ConnectionRecord record)
    {
        List<OpenCall> calls = [];
        foreach (CallRecord call in record.Calls)
        {
            calls.Add(ToCall(call));
        }

        return new ServerConnectionState(record.LastStreamId, record.HalfRead.Memory, record.HalfWritten.Memory, calls);
    }

    private static OpenCall ToCall(CallRecord call) => new(
        call.StreamId,
        call.Service,
        call.Method,
        call.Request.Memory,
        call.DeadlineTicks == 0 ? null : new DateTimeOffset(call.DeadlineTicks, TimeSpan.Zero));
}

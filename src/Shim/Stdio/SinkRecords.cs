using ShimStack.Shim.State;
using ShimStack.Shim.Stdio.Logs;
using ShimStack.Shim.Stdio.Spooling;

namespace ShimStack.Shim.Stdio;

/// <summary>Which sink a record of a stream stands for.</summary>
internal static class SinkRecords
{
    /// <summary>The sink that its <see cref="ICopySink.PutDown"/> told of; null where bytes are not wanted.</summary>
    public static ICopySink? PickUp(StdioContext context, StreamRecord record) => record switch
    {
        { Log: not null } => LogSink.PickUp(context, record.Log),
        { OutputLost: true } => new LostOutput(context.Logger, (long)record.LostBytes),
        { Sink: 0 } => null,
        { Fifo: not null } => SpooledFifo.PickUp(context, record),
        _ => CopySink.PickUp(record),
    };
}

using ShimStack.Shim.State;

namespace ShimStack.Shim.Parking;

/// <summary>Gives the descriptors that a record names the numbers that they have in this process.</summary>
/// <param name="numberOf">From the number in the record; 0, which is none, is not asked for.</param>
internal sealed class RecordDescriptors(Func<uint, uint> numberOf)
{
    public void Renumber(ShimRecord record)
    {
        record.Listener = To(record.Listener);
        foreach (LogFileRecord file in record.LogFiles)
        {
            file.File = To(file.File);
        }

        foreach (TaskRecord task in record.Tasks)
        {
            Renumber(task.Init?.Stdio);
            foreach (ProcessRecord exec in task.Execs)
            {
                Renumber(exec.Stdio);
            }
        }
    }

    private void Renumber(StdioRecord? stdio)
    {
        if (stdio is null)
        {
            return;
        }

        stdio.InputHolder = To(stdio.InputHolder);
        stdio.Console = To(stdio.Console);
        Renumber(stdio.Input);
        Renumber(stdio.Logger?.Output);
        Renumber(stdio.Logger?.Errors);
        foreach (StreamRecord output in stdio.Outputs)
        {
            Renumber(output);
        }
    }

    private void Renumber(LoggerPipeRecord? pipe)
    {
        if (pipe is not null)
        {
            pipe.ReadEnd = To(pipe.ReadEnd);
            pipe.WriteEnd = To(pipe.WriteEnd);
            Renumber(pipe.Lost);
        }
    }

    private void Renumber(StreamRecord? stream)
    {
        if (stream is null)
        {
            return;
        }

        stream.Source = To(stream.Source);
        stream.Sink = To(stream.Sink);
        if (stream.Fifo is FifoRecord fifo)
        {
            fifo.Spool = To(fifo.Spool);
            fifo.Place = To(fifo.Place);
        }
    }

    private uint To(uint number) => number == 0 ? 0 : numberOf(number);
}

using System.Text;
using System.Text.Json;
using ShimStack.Drill.Record;

namespace ShimStack.Drill.Work;

/// <summary>
/// dockerd's json-file log of one container: a document a line, with the stream and the text. What dockerd had read and not written when it was killed is
/// missing, so lines are taken by their numbers, and what is missing is noted.
/// </summary>
internal sealed class DockerLog(Subject subject)
{
    private readonly List<byte> _rest = [];
    private readonly long[] _next = [0, 0];

    public void Take(ReadOnlySpan<byte> bytes)
    {
        while (bytes.IndexOf((byte)'\n') is >= 0 and int end)
        {
            _rest.AddRange(bytes[..end]);
            TakeDocument(_rest.ToArray());
            _rest.Clear();
            bytes = bytes[(end + 1)..];
        }

        _rest.AddRange(bytes);
    }

    private void TakeDocument(byte[] document)
    {
        string line;
        int stream;
        try
        {
            using JsonDocument parsed = JsonDocument.Parse(document);
            line = parsed.RootElement.GetProperty("log").GetString() ?? "";
            stream = parsed.RootElement.GetProperty("stream").GetString() == "stderr" ? 2 : 1;
        }
        catch (JsonException)
        {
            return; // Cut off by a kill: its line is missing, and will be noted as that.
        }

        StreamRecord record = stream == 1 ? subject.Output : subject.Errors;
        record.Bytes += line.Length;
        byte[] text = Encoding.ASCII.GetBytes(line);
        // A line of which dockerd had the first half when it was killed comes as its second half.
        if (text.Length == WorkerLine.Length && record.Fault is null)
        {
            Check(record, text, stream);
        }
    }

    private void Check(StreamRecord record, byte[] text, int stream)
    {
        ref long next = ref _next[stream - 1];
        if (WorkerLine.TryNumber(text) is not long number || number < next
            || WorkerLine.TryTime(text, subject.Name, stream, number) is not long microseconds)
        {
            record.Fault = $"after line {next - 1} came: {Encoding.ASCII.GetString(text).TrimEnd('\n')}";
            return;
        }

        long nanoseconds = microseconds * WorkerLine.NanosecondsPerMicrosecond;
        if (number > next)
        {
            record.Holes.Add(new Hole(next, number - next, new Gap(record.Beats.Last, nanoseconds)));
        }

        next = number + 1;
        record.Lines++;
        record.Beats.Add(nanoseconds);
    }
}

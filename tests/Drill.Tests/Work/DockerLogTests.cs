using System.Text;
using System.Text.Json;
using ShimStack.Drill.Record;
using ShimStack.Drill.Work;

namespace ShimStack.Drill.Tests.Work;

public sealed class DockerLogTests
{
    private readonly Subject _subject = new(new WorkOrder("w1", 7), "w1");

    [Fact]
    public void LinesOfBothStreamsAreTakenHoweverTheyAreCut()
    {
        DockerLog log = new(_subject);
        byte[] bytes = [.. Document(1, 0), .. Document(2, 0), .. Document(1, 1)];
        log.Take(bytes.AsSpan(0, 50));
        log.Take(bytes.AsSpan(50));
        Assert.Equal((2, 1), (_subject.Output.Lines, _subject.Errors.Lines));
        Assert.Empty(_subject.Output.Holes);
        Assert.Null(_subject.Output.Fault);
    }

    [Fact]
    public void LinesThatAreMissingAreAHole()
    {
        new DockerLog(_subject).Take([.. Document(1, 0), .. "{\"log\":\"half"u8, (byte)'\n', .. Document(1, 3)]);
        Assert.Equal([new Hole(1, 2, new Gap(1_000_000, 4_000_000))], _subject.Output.Holes);
    }

    [Fact]
    public void ALineThatComesTwiceIsAFault()
    {
        new DockerLog(_subject).Take([.. Document(1, 0), .. Document(1, 0)]);
        Assert.StartsWith("after line 0 came: w1", _subject.Output.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void AByteThatIsAnotherIsAFault()
    {
        byte[] document = Document(1, 0);
        document[Array.IndexOf(document, (byte)'w') + 1] = (byte)'2';
        new DockerLog(_subject).Take(document);
        Assert.NotNull(_subject.Output.Fault);
    }

    private static byte[] Document(int stream, long number)
    {
        string line = Encoding.ASCII.GetString(WorkerLine.Make("w1", stream, number, (number + 1) * 1000));
        string name = stream == 1 ? "stdout" : "stderr";
        return Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new { log = line, stream = name, time = "2026-01-02T03:04:05Z" }) + "\n");
    }
}

using System.Text;
using System.Text.Json;
using ShimStack.Shim.Runtime;

namespace ShimStack.Shim.Tests.Runtime;

public sealed class RuntimeLogTests : IDisposable
{
    private const string First = """{"level":"error","msg":"first","time":"2026-01-01T00:00:00Z"}""";
    private readonly TemporaryDirectory _directory = new();
    private readonly string _path;

    public RuntimeLogTests() => _path = _directory["log.json"];

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("", null)]
    [InlineData("""{"level":"info","msg":"nothing"}""", null)]
    [InlineData("""{"msg":"a","level":"error"}""", "a")]
    [InlineData("{\"level\":\"error\",\"msg\":\"a\"}\n{\"level\":\"error\",\"msg\":\"b\"}\n{\"level\":\"warning\",\"msg\":\"c\"}\n", "b")]
    [InlineData("""{"level":"error","msg":"quoted \"x\"","sub":{"level":"info","msg":"inner"}}""", "quoted \"x\"")]
    [InlineData("""{"level":"error"}""", null)]
    [InlineData("\n\r\n  {\"level\":\"error\",\"msg\":\"a\"}  \r\n", "a")]
    public void TheLastErrorSpeaks(string log, string? message) => Assert.Equal(message, RuntimeLog.LastError(Encoding.UTF8.GetBytes(log)));

    [Fact]
    public void ABrokenLineIsAnError() =>
        Assert.ThrowsAny<JsonException>(() => RuntimeLog.LastError("{\"level\":\"error\""u8));

    [Fact]
    public void AnOldErrorDoesNotExplainANewFailure()
    {
        File.WriteAllText(_path, First + "\n");
        RuntimeLog log = RuntimeLog.Mark(_path);
        Assert.Equal("start failed: raw", log.Explain("start failed", "raw"));

        File.AppendAllText(_path, """{"level":"error","msg":"second"}""");
        Assert.Equal("start failed: second", log.Explain("start failed", "raw"));
    }

    [Fact]
    public void AMissingFileIsSaidAndTheRawErrorKept()
    {
        string text = RuntimeLog.Mark(_path).Explain("create failed", "exit status 1");
        Assert.Equal($"create failed: unable to retrieve OCI runtime error (open {_path}: no such file or directory): exit status 1", text);
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("""{"level":"error","msg":"\ud800"}""")]
    public void AFileThatCannotBeReadIsSaidAndTheRawErrorKept(string content)
    {
        RuntimeLog log = RuntimeLog.Mark(_path);
        File.WriteAllText(_path, content);
        string text = log.Explain("create failed", "exit status 1");
        Assert.StartsWith("create failed: unable to retrieve OCI runtime error (", text, StringComparison.Ordinal);
        Assert.EndsWith("): exit status 1", text, StringComparison.Ordinal);
    }

    [Fact]
    public void AFileThatBecameShorterIsNoFault()
    {
        File.WriteAllText(_path, First + "\n" + First);
        RuntimeLog log = RuntimeLog.Mark(_path);
        File.WriteAllText(_path, First);
        Assert.Equal("create failed: raw", log.Explain("create failed", "raw"));
    }
}

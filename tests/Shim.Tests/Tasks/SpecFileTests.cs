using System.Text;
using ShimStack.Shim.Tasks;

namespace ShimStack.Shim.Tests.Tasks;

public class SpecFileTests
{
    [Theory]
    [InlineData("""{"linux":{"namespaces":[{"type":"pid"}]}}""", true)]
    [InlineData("""{"a":{"linux":1},"linux":{"x":[{}],"namespaces":[{"type":"mount"},{"type":"pid","path":""}]}}""", true)]
    [InlineData("""{"linux":{"namespaces":[{"path":"/proc/1/ns/mnt","type":"mount"},{"type":"pid"}]}}""", true)]
    [InlineData("""{"linux":{"namespaces":[{"type":"pid","path":"/proc/1/ns/pid"}]}}""", false)]
    [InlineData("""{"linux":{"namespaces":[{"path":"/proc/1/ns/pid","type":"pid"}]}}""", false)]
    [InlineData("""{"linux":{"namespaces":[{"type":"mount"}]}}""", false)]
    [InlineData("""{"linux":{"namespaces":[]}}""", false)]
    [InlineData("""{"linux":{"namespaces":null}}""", false)]
    [InlineData("""{"linux":null}""", false)]
    [InlineData("""{"namespaces":[{"type":"pid"}]}""", false)]
    [InlineData("""{}""", false)]
    [InlineData("""[]""", false)]
    public void APrivatePidNamespaceIsOneWithoutAPath(string spec, bool isPrivate) =>
        Assert.Equal(isPrivate, SpecFile.ListsPrivatePidNamespace(Encoding.UTF8.GetBytes(spec)));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("""{"linux":{"namespaces":[{"type":"pi""")]
    [InlineData("no json")]
    public void AFileThatCannotBeReadMeansThatTheOthersAreKilled(string? content)
    {
        using TemporaryDirectory bundle = new();
        if (content is not null)
        {
            bundle.Write("config.json", content);
        }

        Assert.False(SpecFile.HasPrivatePidNamespace(bundle.Path));
        bundle.Write("config.json", """{"linux":{"namespaces":[{"type":"pid"}]}}""");
        Assert.True(SpecFile.HasPrivatePidNamespace(bundle.Path));
    }
}

using ShimStack.Shim.Bootstrap;

namespace ShimStack.Shim.Tests.Bootstrap;

public sealed class PodMembersTests : IDisposable
{
    private readonly TemporaryDirectory _bundles = new();

    public void Dispose() => _bundles.Dispose();

    [Fact]
    public void AMemberIsOnRecordInThePodsBundleUntilItIsForgotten()
    {
        Make("pod", "pod");
        Make("m1", "pod");
        Make("m2", "pod");
        PodMembers.Record(_bundles["m1"], "m1");
        PodMembers.Record(_bundles["m2"], "m2");
        Assert.Equal(["m1", "m2"], OnRecord());

        PodMembers.Forget(_bundles["m1"], "m1");
        Assert.Equal(["m2"], OnRecord());
    }

    [Fact]
    public void ThePodsOwnContainerIsNoMember()
    {
        Make("pod", "pod");
        PodMembers.Record(_bundles["pod"], "pod");
        PodMembers.Forget(_bundles["pod"], "pod");
        Assert.False(Directory.Exists(_bundles["pod/members"]));
    }

    [Theory]
    [InlineData("absent"), InlineData(""), InlineData("."), InlineData(".."), InlineData("../elsewhere")]
    public void AGroupThatIsNamedAfterNoContainerHasNoRecord(string group)
    {
        Make("c1", group);
        PodMembers.Record(_bundles["c1"], "c1");
        Assert.Equal([_bundles["c1"]], Directory.GetDirectories(_bundles.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void ABundleWithoutASpecIsInNoPod()
    {
        _bundles.Make("c1");
        PodMembers.Record(_bundles["c1"], "c1");
        Assert.Empty(Directory.GetFileSystemEntries(_bundles["c1"]));
    }

    private string[] OnRecord() => [.. Directory.GetFiles(_bundles["pod/members"]).Select(path => Path.GetFileName(path)).Order()];

    private void Make(string id, string group)
    {
        _bundles.Make(id);
        _bundles.Write($"{id}/config.json", $$$"""{"annotations":{"io.kubernetes.cri.sandbox-id":"{{{group}}}"}}""");
    }
}

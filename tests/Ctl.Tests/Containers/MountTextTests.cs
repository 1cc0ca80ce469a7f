using ShimStack.Ctl.Commands;
using ShimStack.Ctl.Containers;

namespace ShimStack.Ctl.Tests.Containers;

public sealed class MountTextTests
{
    [Theory]
    [InlineData("type=bind,src=/tmp,dst=/x,options=rbind:ro", "bind /tmp /x rbind ro")]
    [InlineData("src=/tmp,dst=/x,ro", "bind /tmp /x rbind ro")]
    [InlineData("source=/tmp,target=/x", "bind /tmp /x rbind")]
    [InlineData("type=tmpfs,destination=/x,options=size=1m:mode=700", "tmpfs tmpfs /x size=1m mode=700")]
    public void ItIsReadInEveryUsualForm(string text, string expected)
    {
        MountText mount = MountText.Parse(text);
        Assert.Equal(expected, string.Join(' ', [mount.Type, mount.Source, mount.Target, .. mount.Options]));
    }

    [Theory]
    [InlineData("src=/tmp", "dst= must be an absolute path")]
    [InlineData("src=/tmp,dst=x", "dst= must be an absolute path")]
    [InlineData("dst=/x", "src= is missing")]
    [InlineData("src=/no/such,dst=/x", "there is no /no/such")]
    [InlineData("src=/tmp,dst=/x,what", "'what' is not known")]
    public void WhatIsWrongIsNamed(string text, string reason)
    {
        CtlException fault = Assert.Throws<CtlException>(() => MountText.Parse(text));
        Assert.Equal(ExitCode.Usage, fault.Code);
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
    }
}

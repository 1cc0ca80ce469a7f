using CsCheck;
using ShimStack.Supervisor.Filters;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Tests.Filters;

public sealed class FilterTests
{
    [Theory]
    [InlineData("", true)]
    [InlineData("id", true)]
    [InlineData("nothing", false)]
    [InlineData("id==web-1", true)]
    [InlineData("id == web-1", true)]
    [InlineData("id==web-2", false)]
    [InlineData("id!=web-2", true)]
    [InlineData("nothing==x", false)]
    [InlineData("nothing!=x", true)]
    [InlineData("nothing~=^$", true)]
    [InlineData("id~=^web-", true)]
    [InlineData("id~=/^web-[0-9]+$/", true)]
    [InlineData("id~=|^web/|", false)]
    [InlineData("""id~="^web-\\d$" """, true)]
    [InlineData("""id=="web\x2d1" """, true)]
    [InlineData("""id=="\167eb-\u0031" """, true)]
    [InlineData("""labels."a.b/c"==x""", true)]
    [InlineData("labels.a.b==y", true)]
    [InlineData("""labels."a.b"==y""", true)]
    [InlineData("labels.empty", true)]
    [InlineData("labels.empty==", null)]
    [InlineData("""labels.empty=="" """, true)]
    [InlineData("labels.other", false)]
    [InlineData("id==web-1,labels.a.b==y", true)]
    [InlineData("id==web-1,labels.a.b==z", false)]
    [InlineData("image==docker.io/library/busybox:1.36", true)]
    public void OneTextIsAllOfItsSelectors(string text, bool? expected)
    {
        if (expected is bool matches)
        {
            Assert.Equal(matches, Filter.Parse([text.Trim()]).Matches(Fields));
        }
        else
        {
            Assert.Throws<RpcException>(() => Filter.Parse([text]));
        }
    }

    [Fact]
    public void SeveralTextsAreAlternativesAndNoneTakesAll()
    {
        Assert.True(Filter.Parse(["id==x", "id==web-1"]).Matches(Fields));
        Assert.False(Filter.Parse(["id==x", "id==y"]).Matches(Fields));
        Assert.True(Filter.Parse([]).Matches(Fields));
        Assert.True(Filter.Parse(["id==x", ""]).Matches(Fields));
        Assert.Throws<RpcException>(() => Filter.Parse(["", "id=="]));
    }

    [Theory]
    [InlineData("id=", """[id >|=|< ]: unsupported operator "=" """)]
    [InlineData("id==", "[id==]: expected value or quoted")]
    [InlineData("id===x", """[id >|=|< ==x]: unsupported operator "===" """)]
    [InlineData("==x", "[ >|=|< =x]: expected field or quoted")]
    [InlineData("id==x y", "[id==x >| |< y]: unexpected input:  ")]
    [InlineData("id x", """[id  >|x|< ]: expected an operator ("=="|"!="|"~=")""")]
    [InlineData("id,", "[id,]: expected field or quoted")]
    [InlineData("labels.", "[labels.]: expected field or quoted")]
    [InlineData("id==/x/", "[id== >|/|< x/]: invalid quote encountered")]
    [InlineData("id==\"x", "[id== >|\"|< x]: quoted literal not terminated")]
    [InlineData("""id=="\q" """, """[id== >|"|< \q" ]: illegal escape sequence""")]
    [InlineData("""id=="\x4" """, """[id== >|"|< \x4" ]: illegal numeric escape sequence""")]
    [InlineData("""id=="\777" """, """[id== >|"|< \777" ]: unquoting failed: quote syntax error""")]
    [InlineData("id\0", "[id >|\0|< ]: unexpected null")]
    [InlineData("id~=(", "[id~= >|(|< ]: the expression cannot be used: missing closing )")]
    public void AnErrorNamesTextAndPlace(string text, string message)
    {
        RpcException error = Assert.Throws<RpcException>(() => Filter.Parse([text]));
        Assert.Equal(RpcCode.InvalidArgument, error.Code);
        Assert.Equal($"filters: parse error: {(message.EndsWith("\" ", StringComparison.Ordinal) ? message[..^1] : message)}: invalid argument", error.Message);
    }

    [Fact]
    public void NoTextThrowsAnythingButTheError()
    {
        Gen<string> text = Gen.Char["ab.,=!~\"|/\\x0u1{}()[]^$*+?-:PdwsQEp \n\0é\ud83d"].Array[0, 24].Select(c => new string(c));
        text.Sample(
            t =>
            {
                try
                {
                    Filter.Parse([t]).Matches(Fields);
                }
                catch (RpcException e) when (e.Code == RpcCode.InvalidArgument)
                {
                    // That is the error.
                }
            },
            iter: 20_000);
    }

    [Fact]
    public void NoExpressionThrowsAnythingButTheError()
    {
        Gen<string> text = Gen.Char["ab1\\x{}()[]^$*+?-:PdwsQEpLiUm,|.é"].Array[0, 16].Select(c => new string(c));
        text.Sample(
            t =>
            {
                try
                {
                    GoRegex.Compile(t).IsMatch("abc");
                }
                catch (ArgumentException)
                {
                    // That is the error.
                }
            },
            iter: 3_000);
    }

    private static string? Fields(ReadOnlySpan<string> path) => path switch
    {
        ["id", ..] => "web-1",
        ["image", ..] => "docker.io/library/busybox:1.36",
        ["labels", ..] => string.Join('.', path[1..]!) switch
        {
            "a.b/c" => "x",
            "a.b" => "y",
            "empty" => "",
            _ => null,
        },
        _ => null,
    };
}

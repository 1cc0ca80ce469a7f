using System.Text;
using System.Text.Json;
using CsCheck;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ShimStack.Api;
using ShimStack.Api.Bootstrap;
using ShimStack.Api.Runc;
using ShimStack.Shim.Bootstrap;
using ShimStack.Shim.Runtime;
using ShimStack.Shim.Settings;
using ShimStack.Shim.State;
using ShimStack.Shim.Tasks;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Tests.Fuzz;

/// <summary>
/// Whatever a peer, a bundle or a runtime brings is understood or refused with the error that is promised: no other exception, no hang, no growth.
/// The inputs are bytes at random, and good documents with bytes replaced, cut out, doubled.
/// </summary>
public class DecoderTests
{
    private const long Budget = 3_000;
    private const int MaxGrowth = 64 << 20;

    private static readonly byte[] Options = new Options { BinaryName = "crun", Root = "/run/x", SystemdCgroup = true, IoUid = 7 }.ToByteArray();
    private static readonly byte[] Toml = Encoding.UTF8.GetBytes("# options\nBinaryName = \"crun\"\nSystemdCgroup = true\nIoUid = 7\nRoot = '/run/x'\n");

    private static readonly byte[] Spec = Encoding.UTF8.GetBytes(
        """{"annotations":{"io.kubernetes.cri.sandbox-id":"pod"},"linux":{"namespaces":[{"type":"pid","path":""},{"type":"mount"}]}}""");

    private static readonly byte[] Process = Encoding.UTF8.GetBytes("""{"terminal":true,"args":["a","b"],"env":["A=ä"],"user":{"uid":1}}""");
    private static readonly byte[] Log = Encoding.UTF8.GetBytes("{\"level\":\"info\",\"msg\":\"a\"}\n{\"level\":\"error\",\"msg\":\"b \\u00e4\"}\n");

    public static TheoryData<string> Decoders => [.. All.Keys];

    private static Dictionary<string, Decoder> All { get; } = new()
    {
        ["runtime options, protobuf"] = new(Options, static bytes => RuntimeOptionsReader.Read(Pack(TypeUrls.RuncOptions, bytes)), typeof(RpcException)),
        ["runtime options, TOML"] = new(
            Toml,
            static bytes => RuntimeOptionsReader.Read(
                Pack(TypeUrls.RuntimeOptions, new Api.RuntimeOptions.Options { ConfigBody = ByteString.CopyFrom(bytes) }.ToByteArray())),
            typeof(RpcException)),
        ["options.json"] = new(OptionsJson.Write(Api.Runc.Options.Parser.ParseFrom(Options)), static bytes => OptionsJson.Read(bytes), typeof(JsonException)),
        ["stdin of start"] = new(
            new BootstrapParams { InstanceId = "c1", Namespace = "ns", ContainerdGrpcAddress = "/grpc.sock" }.ToByteArray(),
            static bytes => BootstrapInput.Parse(bytes, new ShimArguments { Id = "c1", Namespace = "ns" }),
            typeof(StartupException)),
        ["group in a spec"] = new(Spec, static bytes => Grouping.Find(bytes), typeof(JsonException)),
        ["pid namespace in a spec"] = new(Spec, static bytes => SpecFile.ListsPrivatePidNamespace(bytes), typeof(JsonException)),
        ["process of an exec"] = new(Process, static bytes => ExecSpec.WithTerminal(bytes, terminal: true), typeof(RpcException)),
        ["log of the runtime"] = new(Log, static bytes => RuntimeLog.LastError(bytes), typeof(JsonException), typeof(InvalidOperationException)),
        ["socket address"] = new("unix:///run/s/x"u8.ToArray(), static bytes => SocketAddress.TryParse(Encoding.UTF8.GetString(bytes))),
        ["command line"] = new(
            "-namespace ns -id=c1 --debug start"u8.ToArray(),
            static bytes => ShimArguments.Parse(Encoding.UTF8.GetString(bytes).Split(' ')),
            typeof(UsageException)),
        ["identifier"] = new("default.x_1-y"u8.ToArray(), static bytes => IdentifierRule.Fault(Encoding.UTF8.GetString(bytes))),
        ["duration"] = new("10m"u8.ToArray(), static bytes => SettingText.ParseDuration(Encoding.UTF8.GetString(bytes))),
        ["state of another build"] = new(
            new ShimRecord { Version = 1, Namespace = "ns" }.ToByteArray(), static bytes => ShimRecord.Parser.ParseFrom(bytes), typeof(InvalidProtocolBufferException)),
    };

    [Theory, MemberData(nameof(Decoders))]
    public void IsUnderstoodOrRefusedAsPromised(string name)
    {
        Decoder decoder = All[name];
        Gen<byte[]> input = Gen.OneOf(Gen.Byte.Array[0, 300], Mutations(decoder.Good));
        long before = GC.GetTotalMemory(forceFullCollection: true);
        input.Sample(decoder.Try, iter: Budget);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, MaxGrowth);
    }

    [Theory, MemberData(nameof(Decoders))]
    public void AGoodOneIsUnderstood(string name) => All[name].Decode(All[name].Good);

    private static Any Pack(string typeUrl, byte[] bytes) => new() { TypeUrl = typeUrl, Value = ByteString.CopyFrom(bytes) };

    // One to four changes, each at a place of its own.
    private static Gen<byte[]> Mutations(byte[] good) =>
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, good.Length - 1], Gen.Int[0, 8], Gen.Byte)
            .Array[1, 4]
            .Select(changes => changes.Aggregate(good, static (bytes, change) => Change(bytes, change)));

    private static byte[] Change(byte[] bytes, (int Kind, int At, int Length, byte With) change)
    {
        int at = Math.Min(change.At, bytes.Length);
        int end = Math.Min(at + change.Length, bytes.Length);
        return change.Kind switch
        {
            0 => [.. bytes[..at], change.With, .. bytes[end..]],
            1 => [.. bytes[..at], .. bytes[end..]],
            _ => [.. bytes[..end], .. bytes[at..end], .. bytes[end..]],
        };
    }

    private sealed record Decoder(byte[] Good, Action<byte[]> Decode, params System.Type[] Refusals)
    {
        public void Try(byte[] bytes)
        {
            try
            {
                Decode(bytes);
            }
            catch (Exception e) when (Refusals.Any(refusal => refusal.IsInstanceOfType(e)))
            {
                // As promised.
            }
        }
    }
}

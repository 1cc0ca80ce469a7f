using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ShimStack.SystemTests.Daemons;
using ShimStack.Wire.Runc;

namespace ShimStack.SystemTests.Containers;

/// <summary>The forms that runtime options come in. See the contract, chapters 2.10 and 2.11.</summary>
internal static class RuntimeOptions
{
    /// <summary>None: the container's record has the word.</summary>
    public static Any None => new();

    /// <summary>What a container of the tests has as a rule: a folder of its stage for the runtime's state.</summary>
    public static Any Usual(Stage stage, string binary = "") => Runc(new Options { Root = RootOf(stage), BinaryName = binary });

    /// <summary>Where the runtime keeps its state as a rule, below the namespace's name.</summary>
    public static string RootOf(Stage stage) => Path.Combine(stage.Directory, "runc");

    public static Any Runc(Options options) => new() { TypeUrl = "containerd.runc.v1.Options", Value = options.ToByteString() };

    /// <summary>The generic ones with TOML inside.</summary>
    public static Any Toml(string text) => Generic(new Wire.Generic.Options { ConfigBody = ByteString.CopyFromUtf8(text) });

    /// <summary>The generic ones with the path of a file that holds TOML.</summary>
    public static Any TomlFile(string path) => Generic(new Wire.Generic.Options { ConfigPath = path });

    private static Any Generic(Wire.Generic.Options options) => new() { TypeUrl = "runtimeoptions.v1.Options", Value = options.ToByteString() };
}

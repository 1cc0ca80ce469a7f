using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Kubernetes;

/// <summary>The one image of the tests, for pods as well as for their containers: the stage's root file system as an archive.</summary>
internal static class PodImage
{
    public const string Name = "localhost/shimstack/pod:1";

    /// <summary>The pod's own process. As the first one of a shared pid namespace it has to reap, which a shell does.</summary>
    private static readonly string[] Pause = ["/bin/sh", "-c", "while :; do sleep 100000; done"];

    public static async Task ImportAsync(Stage stage)
    {
        string archive = Path.Combine(stage.Directory, "image.tar");
        await WriteAsync(stage.Rootfs, archive);
        (await stage.Ctr.RunAsync("images", "import", archive)).MustSucceed();
        // The service for Kubernetes hears of it by an event.
        Wire.Cri.ImageStatusRequest request = new() { Image = new() { Image = Name } };
        await Until.TrueAsync(() => stage.Client.Images.ImageStatus(request).Image is not null, "the image is known");
        File.Delete(archive);
    }

    private static async Task WriteAsync(string rootfs, string archive)
    {
        string layer = archive + ".layer";
        // By tar, which knows hard links: Rootfs has one file under many names.
        (await Command.RunAsync("tar", ["--create", "--file", layer, "--directory", rootfs, "."])).MustSucceed();
        string digest;
        await using (FileStream content = File.OpenRead(layer))
        {
            digest = Convert.ToHexStringLower(await SHA256.HashDataAsync(content));
        }

        await using FileStream file = File.Create(archive);
        await using TarWriter writer = new(file);
        await AddAsync(writer, "config.json", Configuration(digest));
        await AddAsync(writer, "manifest.json", Manifest());
        await writer.WriteEntryAsync(layer, "layer.tar");
        File.Delete(layer);
    }

    private static JsonArray Manifest() =>
        [new JsonObject { ["Config"] = "config.json", ["RepoTags"] = new JsonArray(Name), ["Layers"] = new JsonArray("layer.tar") }];

    private static JsonObject Configuration(string layerDigest) => new()
    {
        ["architecture"] = "amd64",
        ["os"] = "linux",
        ["config"] = new JsonObject
        {
            ["Env"] = new JsonArray("PATH=/bin"),
            ["Cmd"] = new JsonArray([.. Pause.Select(argument => (JsonNode)argument)]),
        },
        ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray($"sha256:{layerDigest}") },
    };

    private static async Task AddAsync(TarWriter writer, string name, JsonNode content)
    {
        using MemoryStream text = new(System.Text.Encoding.UTF8.GetBytes(content.ToJsonString()));
        await writer.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = text });
    }
}

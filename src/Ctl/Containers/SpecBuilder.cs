using System.Text.Json;
using System.Text.Json.Nodes;
using ShimStack.Ctl.Commands;

namespace ShimStack.Ctl.Containers;

/// <summary>The specification of a container: that of its bundle or the default one, with what the command line says on top.</summary>
internal static class SpecBuilder
{
    // The period of the kernel's scheduler for bandwidth, its own default. See cgroups(7), cpu.
    private const int CpuPeriod = 100_000;

    /// <exception cref="CtlException">The folder is neither, or what is to run is not said.</exception>
    public static JsonObject Create(RunSettings settings)
    {
        string folder = Path.GetFullPath(settings.Folder);
        if (!Directory.Exists(folder))
        {
            throw CtlException.Usage($"{folder} is no folder: name a root file system, or a bundle with its config.json");
        }

        string document = Path.Combine(folder, "config.json");
        JsonObject spec = File.Exists(document) ? FromBundle(document) : DefaultSpec.Create(folder);
        string rootfs = Path.GetFullPath(spec["root"]?["path"]?.GetValue<string>() ?? "rootfs", folder);
        spec.Child("root")["path"] = rootfs;
        spec["hostname"] = settings.Hostname ?? spec["hostname"]?.GetValue<string>() ?? settings.Id;
        if (settings.IsReadOnly)
        {
            spec.Child("root")["readonly"] = true;
        }

        SpecProcess.Apply(spec.Child("process"), settings.Process, rootfs);
        Capabilities.Change(spec.Child("process"), settings.AddedCapabilities, settings.DroppedCapabilities);
        JsonObject linux = spec.Child("linux");
        if (settings.CgroupParent is not null || linux["cgroupsPath"] is null)
        {
            linux["cgroupsPath"] = $"{settings.CgroupParent ?? "/" + settings.Namespace}/{settings.Id}";
        }

        foreach (MountText mount in settings.Mounts)
        {
            spec.List("mounts").Add((JsonNode)mount.ToJson());
        }

        Limit(linux, settings);
        return spec;
    }

    private static JsonObject FromBundle(string document)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllBytes(document)) is JsonObject spec && spec["ociVersion"] is not null
                ? spec
                : throw new CtlException($"{document} is no OCI specification: it has no ociVersion", ExitCode.Usage);
        }
        catch (JsonException e)
        {
            throw new CtlException($"{document} is no JSON: {e.Message}", ExitCode.Usage, e);
        }
    }

    private static void Limit(JsonObject linux, RunSettings settings)
    {
        if (settings.MemoryBytes is long memory)
        {
            linux.Child("resources").Child("memory")["limit"] = memory;
        }

        if (settings.Processors is double processors)
        {
            JsonObject cpu = linux.Child("resources").Child("cpu");
            cpu["quota"] = (long)Math.Round(processors * CpuPeriod);
            cpu["period"] = CpuPeriod;
        }

        if (settings.Pids is long pids)
        {
            linux.Child("resources").Child("pids")["limit"] = pids;
        }
    }
}

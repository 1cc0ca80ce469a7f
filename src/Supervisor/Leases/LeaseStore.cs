using System.Globalization;
using Google.Protobuf;
using Microsoft.Data.Sqlite;
using ShimStack.Api.Daemon;
using ShimStack.Supervisor.Data;
using ShimStack.Supervisor.Namespaces;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Leases;

/// <summary>The leases on record. One whose time is over is gone for every call: it is taken away before the next looks.</summary>
internal sealed class LeaseStore(Database database, TimeProvider time)
{
    /// <summary>The label that says when a lease ends, as an RFC 3339 time; any other value is ignored.</summary>
    public const string ExpiryLabel = "containerd.io/gc.expire";

    private const string TimeForm = "yyyy-MM-dd'T'HH:mm:ssK";

    /// <summary>All of a namespace, by id.</summary>
    public async Task<List<Lease>> ListAsync(string nameSpace)
    {
        List<byte[]> records = await WriteAsync(connection => connection.Rows(
            "SELECT record FROM leases WHERE namespace = $1 ORDER BY id", row => row.GetFieldValue<byte[]>(0), nameSpace));
        return records.ConvertAll(Lease.Parser.ParseFrom);
    }

    /// <exception cref="RpcException">AlreadyExists.</exception>
    public Task CreateAsync(string nameSpace, Lease lease) => WriteAsync(connection =>
    {
        NamespaceStore.Use(connection, nameSpace);
        int made = connection.Execute(
            "INSERT INTO leases (namespace, id, record, expires) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            nameSpace, lease.Id, lease.ToByteArray(), ExpiryOf(lease));
        return made == 1 ? lease : throw RpcException.AlreadyExists($"lease \"{lease.Id}\": already exists");
    });

    /// <exception cref="RpcException">NotFound.</exception>
    public Task DeleteAsync(string nameSpace, string id) => WriteAsync(connection =>
        connection.Execute("DELETE FROM leases WHERE namespace = $1 AND id = $2", nameSpace, id) == 1 ? id : throw NotFound(id));

    /// <exception cref="RpcException">NotFound: the lease.</exception>
    public Task AddResourceAsync(string nameSpace, string id, Resource resource) => WithLeaseAsync(nameSpace, id, connection => connection.Execute(
        "INSERT INTO lease_resources (namespace, lease, type, id) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING", nameSpace, id, resource.Type, resource.Id));

    /// <exception cref="RpcException">NotFound: the lease.</exception>
    public Task DeleteResourceAsync(string nameSpace, string id, Resource resource) => WithLeaseAsync(nameSpace, id, connection => connection.Execute(
        "DELETE FROM lease_resources WHERE namespace = $1 AND lease = $2 AND type = $3 AND id = $4", nameSpace, id, resource.Type, resource.Id));

    /// <summary>What a lease keeps, by type and id.</summary>
    /// <exception cref="RpcException">NotFound: the lease.</exception>
    public Task<List<Resource>> ListResourcesAsync(string nameSpace, string id) => WithLeaseAsync(nameSpace, id, connection => connection.Rows(
        "SELECT type, id FROM lease_resources WHERE namespace = $1 AND lease = $2 ORDER BY type, id",
        row => new Resource { Type = row.GetString(0), Id = row.GetString(1) }, nameSpace, id));

    private Task<T> WithLeaseAsync<T>(string nameSpace, string id, Func<SqliteConnection, T> call) => WriteAsync(connection =>
        connection.Scalar("SELECT 1 FROM leases WHERE namespace = $1 AND id = $2", nameSpace, id) is null ? throw NotFound(id) : call(connection));

    private Task<T> WriteAsync<T>(Func<SqliteConnection, T> call) => database.WriteAsync(connection =>
    {
        connection.Execute("DELETE FROM leases WHERE expires <= $1", time.GetUtcNow().ToUnixTimeMilliseconds());
        return call(connection);
    });

    private static RpcException NotFound(string id) => RpcException.NotFound($"lease \"{id}\": not found");

    private static long? ExpiryOf(Lease lease) =>
        lease.Labels.TryGetValue(ExpiryLabel, out string? text)
        && DateTimeOffset.TryParseExact(WholeSeconds(text), TimeForm, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset expiry)
            ? expiry.ToUnixTimeMilliseconds()
            : null;

    // Go writes up to nine digits of a second, more than .NET reads.
    private static string WholeSeconds(string time)
    {
        int point = time.IndexOf('.', StringComparison.Ordinal);
        int end = point + 1;
        while (point >= 0 && end < time.Length && char.IsAsciiDigit(time[end]))
        {
            end++;
        }

        return point < 0 ? time : time.Remove(point, end - point);
    }
}

// SPDX-License-Identifier: Apache-2.0
using System.Text;
using ClusterManager.Consul;
using ClusterManager.Hosting.Security;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Persistence;

/// <summary>Reads the sealed secrets and the trusted roots of the state.</summary>
internal sealed class SecretStore(ConsulClient consul, SecretBox box)
{
    /// <summary>Opens a secret.</summary>
    /// <exception cref="StateUnreadableException">It is missing, or this manager's cluster key does not open it.</exception>
    public async Task<Secret> OpenAsync(string name, CancellationToken cancellationToken)
    {
        var key = StateKeys.Secret(name);
        var sealedBytes = await new StateReader(consul).ReadSecretAsync(name, cancellationToken)
            ?? throw new StateUnreadableException(key, "it is missing");
        var plain = box.TryOpen(sealedBytes, key, out var problem) ??
            throw new StateUnreadableException(key, problem ?? "it does not open");
        return new Secret(Encoding.UTF8.GetString(plain));
    }

    /// <summary>Seals a secret for its key.</summary>
    public V1.StoredSecret Seal(string name, string plain) => new()
    {
        Name = name, Sealed = Google.Protobuf.ByteString.CopyFrom(box.Close(Encoding.UTF8.GetBytes(plain), StateKeys.Secret(name))),
    };

    /// <summary>The trusted roots and Consul's public parts.</summary>
    public async Task<V1.StoredTrust> ReadTrustAsync(CancellationToken cancellationToken)
    {
        var entry = (await consul.Kv.GetAsync(StateKeys.Trust, ReadOptions.Consistent, cancellationToken)).Value
            ?? throw new StateUnreadableException(StateKeys.Trust, "it is missing");
        return StoredFormat.Decode(StateKeys.Trust, entry.Value, V1.StoredTrust.Parser);
    }
}

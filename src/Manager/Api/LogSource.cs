// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Dispatch;
using ClusterManager.Model;
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Api;

/// <summary>One node's log stream and the names of its replicas.</summary>
internal sealed record LogSource(LogSubscription Subscription, string Node, IReadOnlyDictionary<AllocationId, string> Names)
{
    /// <summary>An upload as the caller sees it.</summary>
    public V1.LogBatch ToBatch(V1.LogUpload upload)
    {
        var batch = new V1.LogBatch();
        if (upload.Failure is { Code: not 0 } failure) batch.Notice = $"{NameOf(upload.Failed.ToModel())} on {Node}: {failure.Text}";
        batch.Lines.AddRange(upload.Lines.Select(line => new V1.NamedLogLine
        {
            Name = NameOf(line.Id.ToModel()), Node = Node, UnixNs = line.UnixNs, IsStderr = line.IsStderr, Text = line.Text,
        }));
        return batch;
    }

    private string NameOf(AllocationId id) => Names.TryGetValue(id, out var name) ? name : id.ToString();
}

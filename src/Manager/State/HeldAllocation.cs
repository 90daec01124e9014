// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Manager.State;

/// <summary>
/// What an agent's disk says of an allocation that it runs, with its spec: how a state that was restored or lost learns of it again.
/// </summary>
/// <param name="Id">Service, slot and generation, as an earlier life of the state gave them.</param>
/// <param name="Revision">The number of its revision.</param>
/// <param name="Spec">The revision's spec; its text was checked like an operator's.</param>
/// <param name="SpecHash">Of the spec.</param>
/// <param name="TemplateHash">As its container was made with: with the same one no container is made anew.</param>
/// <param name="Image">What it runs: reference with digest, or an image id.</param>
/// <param name="ImageIsId">The image is in no registry.</param>
/// <param name="Seen">What the agent last reported of it; null: nothing.</param>
public sealed record HeldAllocation(
    AllocationId Id, int Revision, ServiceSpec Spec, string SpecHash, string TemplateHash, string Image, bool ImageIsId,
    AllocationObservation? Seen);

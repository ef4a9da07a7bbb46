"""Methods that a type has without an `impl` block of its own: those of what it derefs to, and those of the traits that are always imported.

Source: the `impl` blocks of https://doc.rust-lang.org/std/ (1.90), unstable methods too, and https://doc.rust-lang.org/std/prelude/
"""

from __future__ import annotations

from collections.abc import Collection

from lockstep.comparison.rust_types import behind

_INHERENT = {
    "&": "",
    "&mut": "",
    "borrow::Cow": "into_owned is_borrowed is_owned to_mut",
    "boxed::Box": "downcast downcast_unchecked",
    "rc::Rc": "downcast downcast_unchecked",
    "sync::Arc": "downcast downcast_unchecked",
    "[]": """
        align_to align_to_mut align_to_uninit_mut array_windows as_array as_ascii as_ascii_unchecked as_bytes as_bytes_mut as_chunks as_chunks_mut
        as_chunks_unchecked as_chunks_unchecked_mut as_mut_array as_mut_ptr as_mut_ptr_range as_ptr as_ptr_range as_rchunks as_rchunks_mut as_simd
        as_simd_mut as_str assume_init_drop assume_init_mut assume_init_ref binary_search binary_search_by binary_search_by_key chunk_by
        chunk_by_mut chunks chunks_exact chunks_exact_mut chunks_mut clone_from_slice concat connect contains copy_from_slice copy_within
        element_offset ends_with eq_ignore_ascii_case escape_ascii fill fill_with first first_chunk first_chunk_mut first_mut get get_disjoint_mut
        get_disjoint_unchecked_mut get_mut get_unchecked get_unchecked_mut into_vec is_ascii is_empty is_sorted is_sorted_by is_sorted_by_key iter
        iter_mut join last last_chunk last_chunk_mut last_mut len make_ascii_lowercase make_ascii_uppercase partition_dedup partition_dedup_by
        partition_dedup_by_key partition_point rchunks rchunks_exact rchunks_exact_mut rchunks_mut repeat reverse rotate_left rotate_right rsplit
        rsplit_mut rsplit_once rsplitn rsplitn_mut select_nth_unstable select_nth_unstable_by select_nth_unstable_by_key sort sort_by
        sort_by_cached_key sort_by_key sort_floats sort_unstable sort_unstable_by sort_unstable_by_key split split_at split_at_checked split_at_mut
        split_at_mut_checked split_at_mut_unchecked split_at_unchecked split_first split_first_chunk split_first_chunk_mut split_first_mut
        split_inclusive split_inclusive_mut split_last split_last_chunk split_last_chunk_mut split_last_mut split_mut split_off split_off_first
        split_off_first_mut split_off_last split_off_last_mut split_off_mut split_once splitn splitn_mut starts_with strip_prefix strip_suffix
        subslice_range swap swap_unchecked swap_with_slice to_ascii_lowercase to_ascii_uppercase to_vec to_vec_in trim_ascii trim_ascii_end
        trim_ascii_start trim_prefix trim_suffix utf8_chunks windows write_clone_of_slice write_copy_of_slice write_filled write_iter write_with
    """,
    "[;]": """
        as_ascii as_ascii_unchecked as_flattened as_flattened_mut as_mut_slice as_slice each_mut each_ref map rsplit_array_mut rsplit_array_ref
        split_array_mut split_array_ref transpose try_map
    """,
    "str": """
        as_ascii as_ascii_unchecked as_bytes as_bytes_mut as_mut_ptr as_ptr as_str bytes ceil_char_boundary char_indices chars contains encode_utf16
        ends_with eq_ignore_ascii_case escape_debug escape_default escape_unicode find floor_char_boundary from_utf8 from_utf8_mut
        from_utf8_unchecked from_utf8_unchecked_mut get get_mut get_unchecked get_unchecked_mut into_boxed_bytes into_string is_ascii
        is_char_boundary is_empty len lines lines_any make_ascii_lowercase make_ascii_uppercase match_indices matches parse repeat replace replacen
        rfind rmatch_indices rmatches rsplit rsplit_once rsplit_terminator rsplitn slice_mut_unchecked slice_unchecked split split_ascii_whitespace
        split_at split_at_checked split_at_mut split_at_mut_checked split_inclusive split_once split_terminator split_whitespace splitn starts_with
        strip_prefix strip_suffix substr_range to_ascii_lowercase to_ascii_uppercase to_lowercase to_uppercase trim trim_ascii trim_ascii_end
        trim_ascii_start trim_end trim_end_matches trim_left trim_left_matches trim_matches trim_prefix trim_right trim_right_matches trim_start
        trim_start_matches trim_suffix
    """,
    "vec::Vec": """
        allocator append as_mut_ptr as_mut_slice as_non_null as_ptr as_slice capacity clear dedup dedup_by dedup_by_key drain extend_from_slice
        extend_from_within extract_if from_parts from_parts_in from_raw_parts from_raw_parts_in insert insert_mut into_boxed_slice into_chunks
        into_flattened into_parts into_parts_with_alloc into_raw_parts into_raw_parts_with_alloc is_empty leak len new new_in peek_mut pop pop_if
        push push_mut push_mut_within_capacity push_within_capacity remove reserve reserve_exact resize resize_with retain retain_mut set_len
        shrink_to shrink_to_fit spare_capacity_mut splice split_at_spare_mut split_off swap_remove truncate try_reserve try_reserve_exact
        try_with_capacity try_with_capacity_in with_capacity with_capacity_in
    """,
    "string::String": """
        as_bytes as_mut_str as_mut_vec as_str capacity clear drain extend_from_within from_raw_parts from_utf16 from_utf16_lossy from_utf16be
        from_utf16be_lossy from_utf16le from_utf16le_lossy from_utf8 from_utf8_lossy from_utf8_lossy_owned from_utf8_unchecked insert insert_str
        into_boxed_str into_bytes into_chars into_raw_parts is_empty leak len new pop push push_str remove remove_matches replace_range reserve
        reserve_exact retain shrink_to shrink_to_fit split_off truncate try_reserve try_reserve_exact try_with_capacity with_capacity
    """,
    "path::Path": """
        ancestors as_mut_os_str as_os_str canonicalize components display ends_with exists extension file_name file_prefix file_stem has_root
        into_path_buf is_absolute is_dir is_file is_relative is_symlink iter join metadata new normalize_lexically parent read_dir read_link
        starts_with strip_prefix symlink_metadata to_path_buf to_str to_string_lossy try_exists with_added_extension with_extension with_file_name
    """,
    "path::PathBuf": """
        add_extension as_mut_os_string as_path capacity clear into_boxed_path into_os_string leak new pop push reserve reserve_exact set_extension
        set_file_name shrink_to shrink_to_fit try_reserve try_reserve_exact with_capacity
    """,
    "ffi::OsStr": """
        as_encoded_bytes display eq_ignore_ascii_case from_encoded_bytes_unchecked into_os_string is_ascii is_empty len make_ascii_lowercase
        make_ascii_uppercase new slice_encoded_bytes to_ascii_lowercase to_ascii_uppercase to_os_string to_str to_string_lossy
    """,
    "ffi::OsString": """
        as_os_str capacity clear from_encoded_bytes_unchecked into_boxed_os_str into_encoded_bytes into_string leak new push reserve reserve_exact
        shrink_to shrink_to_fit truncate try_reserve try_reserve_exact with_capacity
    """,
    "ffi::CStr": """
        as_ptr bytes count_bytes display from_bytes_until_nul from_bytes_with_nul from_bytes_with_nul_unchecked from_ptr into_c_string is_empty
        to_bytes to_bytes_with_nul to_str to_string_lossy
    """,
    "ffi::CString": """
        as_bytes as_bytes_with_nul as_c_str from_raw from_vec_unchecked from_vec_with_nul from_vec_with_nul_unchecked into_boxed_c_str into_bytes
        into_bytes_with_nul into_raw into_string new
    """,
    "collections::HashMap": """
        capacity clear contains_key drain entry extract_if get get_disjoint_mut get_disjoint_unchecked_mut get_key_value get_mut hasher insert
        into_keys into_values is_empty iter iter_mut keys len new remove remove_entry reserve retain shrink_to shrink_to_fit try_insert try_reserve
        values values_mut with_capacity with_capacity_and_hasher with_hasher
    """,
    "collections::BTreeMap": """
        append clear contains_key entry extract_if first_entry first_key_value get get_key_value get_mut insert into_keys into_values is_empty iter
        iter_mut keys last_entry last_key_value len lower_bound lower_bound_mut new new_in pop_first pop_last range range_mut remove remove_entry
        retain split_off try_insert upper_bound upper_bound_mut values values_mut
    """,
    "collections::HashSet": """
        capacity clear contains difference drain entry extract_if get get_or_insert get_or_insert_with hasher insert intersection is_disjoint
        is_empty is_subset is_superset iter len new remove replace reserve retain shrink_to shrink_to_fit symmetric_difference take try_reserve
        union with_capacity with_capacity_and_hasher with_hasher
    """,
    "collections::BTreeSet": """
        append clear contains difference entry extract_if first get get_or_insert get_or_insert_with insert intersection is_disjoint is_empty
        is_subset is_superset iter last len lower_bound lower_bound_mut new new_in pop_first pop_last range remove replace retain split_off
        symmetric_difference take union upper_bound upper_bound_mut
    """,
    "collections::VecDeque": """
        allocator append as_mut_slices as_slices back back_mut binary_search binary_search_by binary_search_by_key capacity clear contains drain
        front front_mut get get_mut insert insert_mut is_empty iter iter_mut len make_contiguous new new_in partition_point pop_back pop_back_if
        pop_front pop_front_if push_back push_back_mut push_front push_front_mut range range_mut remove reserve reserve_exact resize resize_with
        retain retain_mut rotate_left rotate_right shrink_to shrink_to_fit split_off swap swap_remove_back swap_remove_front truncate truncate_front
        try_reserve try_reserve_exact try_with_capacity with_capacity with_capacity_in
    """,
}
"""The methods of types that others deref to, by the names of `rust_types`."""
_IMPORTED = {
    "AsMut": "as_mut",
    "AsRef": "as_ref",
    "Clone": "clone clone_from to_owned",
    "Default": "default",
    "Display": "to_string",
    "DoubleEndedIterator": "advance_back_by next_back nth_back rfind rfold rev try_rfold",
    "ExactSizeIterator": "is_empty len",
    "Extend": "extend extend_one extend_reserve",
    "From": "from",
    "FromIterator": "from_iter",
    "Into": "into",
    "IntoIterator": "into_iter",
    "Iterator": """
        advance_by all any array_chunks by_ref chain cloned cmp cmp_by collect collect_into compare copied count cycle enumerate eq eq_by filter
        filter_map find find_map flat_map flatten fold for_each fuse ge gt inspect intersperse intersperse_with is_partitioned is_sorted
        is_sorted_by is_sorted_by_key last le lt map map_while map_windows max max_by max_by_key min min_by min_by_key ne next next_chunk nth
        partial_cmp partial_cmp_by partition partition_in_place peekable position product reduce rev rposition scan size_hint skip skip_while
        spec_fold spec_try_fold step_by sum take take_while try_collect try_find try_fold try_for_each try_reduce unzip zip into_iter
    """,
    "Ord": "clamp cmp max min",
    "PartialEq": "eq ne",
    "PartialOrd": "ge gt le lt partial_cmp",
    "ToOwned": "clone_into to_owned",
    "ToString": "to_string",
    "TryFrom": "try_from",
    "TryInto": "try_into",
}
"""The methods of the traits that are imported everywhere."""
_OF_MANY = frozenset(" ".join(_IMPORTED.values()).split())


def is_of_trait(name: str, implemented: Collection[str]) -> bool:
    """Say whether a name is a method of a trait that is always imported, and is among those that are implemented."""
    return any(name in _IMPORTED.get(one, "").split() for one in implemented)


def may_have(target: str, name: str) -> bool:
    """Say whether a method may be called by what derefs to a type, of which is known what `rust_types` says."""
    if name in _OF_MANY:
        return True
    return any((known := _INHERENT.get(one)) is None or name in known.split() for one in behind(target))
